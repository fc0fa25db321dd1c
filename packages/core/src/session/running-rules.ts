import {
  abandon,
  close,
  end,
  escalate,
  escalateFurther,
  leave,
  limitClosing,
  orphan,
  report,
} from './endings'
import { closeInput, dropInput, flushInput, settleInput, writeInput } from './input-flow'
import { closedByPeer, givenUp, lostConnection } from './opening-rules'
import { cutOutput, endOutput, haveAllEnded, remainingOutputs } from './output-ends'
import { dropOutput, handLine, handOutput, settleOutput } from './output-flow'
import { applyRequest } from './request-table'
import {
  countDiscarded,
  dropUnwritten,
  endProducer,
  giveUpAfterProducer,
  registerProducer,
  warn,
  write,
  type Row,
  decisionMade,
} from './rule'
import type { SessionCommand } from './session-command'
import type { SessionEventOf } from './session-event'
import { firstEnding, type Ending } from './session-outcome'
import {
  commonOf,
  type Draining,
  type Running,
  type SessionStep,
  type StepWithin,
} from './session-state'
import { then } from './step'

/** Opcode of the terminal's end-of-file character, VEOF (RFC 4254 section 8), and its usual value, Ctrl-D. */
const veofOpcode = 5
const controlD = 4

/** The program runs and bytes flow. */
export const runningRow: Row<'running'> = {
  'channel.requested': applyRequest,
  'channel.replied': 'ignore',
  'channel.dataReceived': (state, event) => writeInput(state, event.bytes),
  'channel.extendedDataReceived': (state, event) => dropInput(state, event.bytes.length),
  'channel.discarded': countDiscarded,
  'channel.eofReceived': endInput,
  'channel.closeReceived': (state) =>
    abandon(
      state,
      firstEnding(
        state.ending,
        closedByPeer('the client closed the channel while the process ran'),
      ),
    ),
  'channel.written': (state, event) => settleOutput(state, event.byteCount),
  'channel.dropped': dropUnwritten,
  'channel.closed': 'illegal',
  'channel.lost': (state, event) =>
    orphan(state, firstEnding(state.ending, lostConnection(event.reason))),
  ...decisionMade,
  'process.started': 'illegal',
  'process.startFailed': 'illegal',
  'process.output': forward,
  'process.outputEnded': (state, event) => {
    const outputs = endOutput(state.outputs, event.output)
    const isLast = haveAllEnded(outputs) && !haveAllEnded(state.outputs)
    return [{ ...state, outputs }, isLast ? sendEof : []]
  },
  'process.inputWritten': (state, event) => settleInput(state, event.byteCount),
  'process.inputClosed': closeInput,
  'process.exited': reportExit,
  'timer.expired': escalateOnTime,
  'session.write': write,
  'session.warn': warn,
  'session.loseConnection': (state, event) =>
    giveUpAfterProducer(state, (state) =>
      leaveFirst(state, { endedBy: 'policy', reason: event.reason }),
    ),
  'session.end': endProcess,
  'producer.registered': registerProducer,
  'producer.unregistered': (state) => endProducer(state, (state) => leaveFirst(state, givenUp)),
}

/** The exit was reported; a grandchild may still hold an output. */
export const drainingRow: Row<'draining'> = {
  'channel.requested': applyRequest,
  'channel.replied': 'ignore',
  'channel.dataReceived': (state, event) => dropInput(state, event.bytes.length),
  'channel.extendedDataReceived': (state, event) => dropInput(state, event.bytes.length),
  'channel.discarded': countDiscarded,
  // There is no input any more.
  'channel.eofReceived': 'ignore',
  'channel.closeReceived': (state) =>
    then(cutRemaining(state), (cut) => close(cut, state.exit, state.ending)),
  'channel.written': (state, event) => settleOutput(state, event.byteCount),
  'channel.dropped': dropUnwritten,
  'channel.closed': 'illegal',
  // The process has ended the session already; what could not be sent is counted.
  'channel.lost': (state) => then(cutRemaining(state), (cut) => end(cut, state.exit, state.ending)),
  ...decisionMade,
  'process.started': 'illegal',
  'process.startFailed': 'illegal',
  'process.output': forward,
  'process.outputEnded': (state, event) =>
    closeWhenDrained({ ...state, outputs: endOutput(state.outputs, event.output) }),
  // The kernel may report a write after the reader was reaped.
  'process.inputWritten': 'ignore',
  'process.inputClosed': 'ignore',
  // A process exits once.
  'process.exited': 'illegal',
  'timer.expired': (state, event) => (event.timer === 'drain' ? truncate(state) : [state, []]),
  'session.write': write,
  'session.warn': warn,
  // The channel closes as soon as the outputs end; now it does not wait for them.
  'session.loseConnection': (state) => giveUpAfterProducer(state, (state) => truncate(state)),
  'session.end': (state) => truncate(state, true),
  'producer.registered': registerProducer,
  'producer.unregistered': (state) => endProducer(state, (state) => truncate(state)),
}

const sendEof: readonly SessionCommand[] = [{ type: 'channel.sendEof' }]

/** The client's EOF closes the input after what is queued; on a terminal it reaches nothing (sshd). */
function endInput(state: Running): SessionStep {
  if (state.input.phase !== 'open') return [state, []]
  const [flushed, writes] = flushInput(state)
  const ended = { ...flushed, input: { ...flushed.input, phase: 'ended' } } as const
  if (state.terminalSize === null) return [ended, [...writes, { type: 'process.closeInput' }]]
  if (state.settings.terminalEof === 'ignore') return [ended, writes]
  const veof = state.program?.terminal?.modes.get(veofOpcode) ?? controlD
  return [ended, [...writes, { type: 'process.write', bytes: Uint8Array.of(veof) }]]
}

/** Output that nobody wants is counted, not sent. */
function forward(state: Running | Draining, event: SessionEventOf<'process.output'>): SessionStep {
  if (state.outputs[event.output] === 'open') return handOutput(state, event.output, event.bytes)
  return [dropOutput(state, event.bytes.length), []]
}

/** The report goes at once; CLOSE waits for the outputs (RFC 4254 section 6.10). */
function reportExit(state: Running, event: SessionEventOf<'process.exited'>): SessionStep {
  const exit = event.outcome
  const reported = [state, report(state, exit)] as const
  const inputClosed = then(reported, (running) => closeInput(running))
  return then(inputClosed as StepWithin<Running>, (running): SessionStep => {
    const { outputs, ending } = running
    const draining: Draining = { ...commonOf(running), phase: 'draining', outputs, exit, ending }
    if (haveAllEnded(outputs)) return closeEnded(draining)
    return [draining, drainTimer(draining)]
  })
}

/** A session that was told to end does not wait for a grandchild longer than for its process. */
function drainTimer(state: Draining): readonly SessionCommand[] {
  const { drainTimeoutMs, killDelayMs } = state.settings
  const delayMs = drainTimeoutMs ?? (state.ending.endedBy === 'process' ? null : killDelayMs)
  return delayMs === null ? [] : [{ type: 'timer.start', timer: 'drain', delayMs }]
}

function closeWhenDrained(state: Draining): SessionStep {
  if (!haveAllEnded(state.outputs)) return [state, []]
  return then([state, sendEof], closeEnded)
}

/** A session that was ended by force does not wait for its client to read. */
function closeEnded(
  state: Draining,
  isOutputTruncated = false,
  isForced = wasForced(state),
): SessionStep {
  const [closing, commands] = close(state, state.exit, state.ending, isOutputTruncated)
  return [closing, isForced ? [...commands, limitClosing(state)] : commands]
}

/** Here nothing but `session.end` makes another than the process end the session. */
function wasForced(state: Draining): boolean {
  return state.ending.endedBy !== 'process'
}

/** Cuts what is still open, and says so in the outcome. */
function truncate(state: Draining, isForced = wasForced(state)): SessionStep {
  return then(cutRemaining(state), (cut) =>
    then([cut, sendEof], (ended) => closeEnded(ended, true, isForced)),
  )
}

function cutRemaining(state: Draining): StepWithin<Draining> {
  const remaining = remainingOutputs(state.outputs)
  const outputs = remaining.reduce(cutOutput, state.outputs)
  return [
    { ...state, outputs },
    remaining.map((output) => ({ type: 'process.closeOutput', output })),
  ]
}

function escalateOnTime(state: Running, event: SessionEventOf<'timer.expired'>): SessionStep {
  return [state, escalateFurther(state, event.timer)]
}

/** Whoever ends a session first has ended it: the process is not asked twice. */
function endProcess(state: Running, event: SessionEventOf<'session.end'>): SessionStep {
  if (state.ending.endedBy !== 'process') return [state, []]
  return then(handLine(state, event.reason), (told) => {
    const { endedBy, reason } = event
    return [{ ...told, ending: { endedBy, reason } }, escalate(told)]
  })
}

function leaveFirst(state: Running, ending: Ending): SessionStep {
  return leave(state, firstEnding(state.ending, ending))
}
