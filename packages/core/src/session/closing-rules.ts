import {
  close,
  disconnectProcess,
  dropAllPending,
  end,
  escalate,
  escalateFurther,
  firstSignal,
  letGo,
  limitClosing,
  orphan,
  report,
} from './endings'
import { closedInput, countDropped, settleInput } from './input-flow'
import { settleOutput } from './output-flow'
import { replyTo } from './request-table'
import {
  countDiscarded,
  dropEventBytes,
  dropUnwritten,
  stopProducer,
  unregisterProducer,
  type Row,
  decisionMade,
} from './rule'
import type { SessionEventOf } from './session-event'
import type { Abandoned, Leaving, Live, Orphaned, SessionStep, StepWithin } from './session-state'

/** What every phase does in which the process lives and nobody hears it any more. */
const letGoProcess = {
  'process.output': dropEventBytes,
  'process.outputEnded': 'ignore',
  'process.inputWritten': (state: LetGo, event: SessionEventOf<'process.inputWritten'>) =>
    settleInput(state, event.byteCount),
  'process.inputClosed': losePendingInput,
  'timer.expired': escalateOnTime,
  // What is written after the connection was given up is dropped, and counted.
  'session.write': dropEventBytes,
  'session.warn': 'ignore',
  'session.loseConnection': 'ignore',
  'producer.registered': stopProducer,
  'producer.unregistered': unregisterProducer,
} as const

/** The client has closed; its report and our CLOSE are owed when the process ends. */
export const abandonedRow: Row<'abandoned'> = {
  // Nothing but its reply to our CLOSE can follow a CLOSE; the channel keeps the rest away.
  'channel.requested': 'illegal',
  'channel.replied': 'illegal',
  'channel.dataReceived': 'illegal',
  'channel.extendedDataReceived': 'illegal',
  'channel.discarded': 'illegal',
  'channel.eofReceived': 'illegal',
  'channel.closeReceived': 'illegal',
  'channel.written': (state, event) => settleOutput(state, event.byteCount),
  'channel.dropped': dropUnwritten,
  'channel.closed': 'illegal',
  'channel.lost': (state) => orphan(state, state.ending),
  ...decisionMade,
  // It was asked to start before the client closed: free it now, and signal what now can hear it.
  'process.started': (state) => [state, [...letGo, ...firstSignal(state)]],
  'process.startFailed': (state) => close(state, null, state.ending),
  ...letGoProcess,
  // As sshd: the report, then CLOSE, and no EOF.
  'process.exited': (state, event) => {
    const [counted] = losePendingInput(state)
    const [closing, closed] = close(counted, event.outcome, state.ending)
    return [closing, [...report(state, event.outcome), ...closed]]
  },
  'session.end': (state) => [state, escalate(state)],
}

/** We have closed; the process is let go. */
export const leavingRow: Row<'leaving'> = {
  'channel.requested': (state, event) => [state, replyTo(event, false)],
  'channel.replied': 'ignore',
  'channel.dataReceived': dropLateInput,
  'channel.extendedDataReceived': dropLateInput,
  'channel.discarded': countDiscarded,
  'channel.eofReceived': 'ignore',
  // The channel answers by itself: our CLOSE is queued.
  'channel.closeReceived': 'ignore',
  'channel.written': (state, event) => settleOutput(state, event.byteCount),
  'channel.dropped': dropUnwritten,
  'channel.closed': (state) => [{ ...state, phase: 'orphaned' }, []],
  'channel.lost': (state) => orphan(state, state.ending),
  ...decisionMade,
  'process.started': (state) => [state, [...letGo, ...firstSignal(state)]],
  // CLOSE is one message, and already asked for.
  'process.startFailed': (state) => [close(state, null, state.ending)[0], []],
  ...letGoProcess,
  'process.exited': (state, event) => {
    const [counted] = losePendingInput(state)
    const [closing] = close(counted, event.outcome, state.ending)
    return [closing, report(state, event.outcome)]
  },
  'session.end': (state) => [state, [...escalate(state), limitClosing(state)]],
}

/** There is no channel any more; the process is let go. */
export const orphanedRow: Row<'orphaned'> = {
  'channel.requested': 'illegal',
  'channel.replied': 'illegal',
  'channel.dataReceived': 'illegal',
  'channel.extendedDataReceived': 'illegal',
  'channel.discarded': 'illegal',
  'channel.eofReceived': 'illegal',
  'channel.closeReceived': 'illegal',
  'channel.written': 'illegal',
  'channel.dropped': 'illegal',
  'channel.closed': 'illegal',
  'channel.lost': 'illegal',
  ...decisionMade,
  'process.started': (state) => [state, [disconnectProcess, ...firstSignal(state)]],
  'process.startFailed': (state) => end(state, null, state.ending),
  ...letGoProcess,
  'process.exited': (state, event) => {
    const [counted] = losePendingInput(state)
    return end(counted, event.outcome, state.ending)
  },
  'session.end': (state) => [state, escalate(state)],
}

/** The process is gone; CLOSE waits behind pending output, or for the client's. */
export const closingRow: Row<'closing'> = {
  'channel.requested': (state, event) => [state, replyTo(event, false)],
  'channel.replied': 'ignore',
  'channel.dataReceived': dropLateInput,
  'channel.extendedDataReceived': dropLateInput,
  'channel.discarded': countDiscarded,
  'channel.eofReceived': 'ignore',
  // The channel answers by itself: our CLOSE is queued.
  'channel.closeReceived': 'ignore',
  'channel.written': (state, event) => settleOutput(state, event.byteCount),
  'channel.dropped': dropUnwritten,
  'channel.closed': (state) => end(state, state.exit, state.ending, state.isOutputTruncated),
  // The session was over but for the farewell; what could not be sent is counted.
  'channel.lost': (state) => end(state, state.exit, state.ending, state.isOutputTruncated),
  ...decisionMade,
  'process.started': 'illegal',
  'process.startFailed': 'illegal',
  'process.output': dropEventBytes,
  // Outputs that were cut end now.
  'process.outputEnded': 'ignore',
  'process.inputWritten': 'ignore',
  'process.inputClosed': 'ignore',
  'process.exited': 'illegal',
  'timer.expired': (state, event) => [state, event.timer === 'close' ? [dropAllPending] : []],
  'session.write': dropEventBytes,
  'session.warn': 'ignore',
  'session.loseConnection': 'ignore',
  // A client that does not read keeps CLOSE behind its output: do not wait for it.
  'session.end': (state) => [state, [dropAllPending]],
  'producer.registered': stopProducer,
  'producer.unregistered': unregisterProducer,
}

/** Nothing happens any more, whoever still talks. */
export const endedRow: Row<'ended'> = {
  'channel.requested': 'ignore',
  'channel.replied': 'ignore',
  'channel.dataReceived': 'ignore',
  'channel.extendedDataReceived': 'ignore',
  'channel.discarded': 'ignore',
  'channel.eofReceived': 'ignore',
  'channel.closeReceived': 'ignore',
  'channel.written': 'ignore',
  'channel.dropped': 'ignore',
  'channel.closed': 'ignore',
  'channel.lost': 'ignore',
  'program.accepted': 'ignore',
  'program.refused': 'ignore',
  'program.failed': 'ignore',
  'process.started': 'ignore',
  'process.startFailed': 'ignore',
  'process.output': 'ignore',
  'process.outputEnded': 'ignore',
  'process.inputWritten': 'ignore',
  'process.inputClosed': 'ignore',
  'process.exited': 'ignore',
  'timer.expired': 'ignore',
  'session.write': 'ignore',
  'session.warn': 'ignore',
  'session.loseConnection': 'ignore',
  'session.end': 'ignore',
  'producer.registered': (state) => [state, [{ type: 'producer.stop' }]],
  'producer.unregistered': 'ignore',
}

/** The phases in which the process is let go. */
type LetGo = Abandoned | Leaving | Orphaned

function escalateOnTime(state: LetGo, event: SessionEventOf<'timer.expired'>): SessionStep {
  return [state, escalateFurther(state, event.timer)]
}

/** Input that comes when nobody can take it any more; the channel is closing, so nothing is given back. */
function dropLateInput<State extends Live>(
  state: State,
  event: { readonly bytes: Uint8Array },
): StepWithin<State> {
  return [countDropped(state, event.bytes.length), []]
}

/** Input that was given to the process and that it never took. */
function losePendingInput<State extends Live>(state: State): StepWithin<State> {
  const { pendingBytes } = state.input
  return [countDropped({ ...state, input: closedInput }, pendingBytes), []]
}
