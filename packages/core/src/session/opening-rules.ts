import { startFailureCode } from './exit-report'
import { exited } from '../ports/exit-outcome'
import {
  abandon,
  close,
  disconnectProcess,
  end,
  escalate,
  leave,
  limitClosing,
  orphan,
  report,
} from './endings'
import { dropInput } from './input-flow'
import { handLine, pauseProcess, settleOutput } from './output-flow'
import { haveAllEnded, openOutputs } from './output-ends'
import { refuse } from './refusal'
import { applyRequest, replyTo } from './request-table'
import {
  countDiscarded,
  dropUnwritten,
  defer,
  endProducer,
  giveUpAfterProducer,
  registerProducer,
  warn,
  write,
  type Row,
  decisionMade,
  noProcessYet,
} from './rule'
import type { SessionCommand } from './session-command'
import type { SessionEventOf } from './session-event'
import type { Ending } from './session-outcome'
import {
  commonOf,
  type Deciding,
  type Common,
  type OwedStart,
  type Refusing,
  type SessionStep,
  type Starting,
  type Waiting,
} from './session-state'
import { then } from './step'
import type { Program } from './program'

/** Collecting: the client describes what it will ask for. */
export const waitingRow: Row<'waiting'> = {
  'channel.requested': applyRequest,
  'channel.replied': 'ignore',
  'channel.dataReceived': defer,
  'channel.extendedDataReceived': (state, event) => dropInput(state, event.bytes.length),
  'channel.discarded': countDiscarded,
  'channel.eofReceived': defer,
  'channel.closeReceived': (state) => close(state, null, state.ending),
  'channel.written': (state, event) => settleOutput(state, event.byteCount),
  'channel.dropped': dropUnwritten,
  'channel.closed': 'illegal',
  'channel.lost': (state, event) => end(state, null, afterLoss(state.ending, event.reason)),
  'program.accepted': (state) => start(state, null, null),
  // A decision that comes twice changes nothing.
  'program.refused': 'ignore',
  'program.failed': 'ignore',
  ...noProcessYet,
  'timer.expired': 'ignore',
  'session.write': write,
  'session.warn': warn,
  'session.loseConnection': (state, event) => loseBeforeStart(state, event, []),
  'session.end': (state, event) => endBeforeStart(state, event, []),
  'producer.registered': registerProducer,
  'producer.unregistered': (state) => unregisterBeforeStart(state, []),
}

const abandonDecision: readonly SessionCommand[] = [{ type: 'program.abandon' }]

/** A handler decides; what arrives meanwhile is deferred in order. */
export const decidingRow: Row<'deciding'> = {
  'channel.requested': applyRequest,
  'channel.replied': 'ignore',
  'channel.dataReceived': defer,
  'channel.extendedDataReceived': (state, event) => dropInput(state, event.bytes.length),
  'channel.discarded': countDiscarded,
  'channel.eofReceived': defer,
  'channel.closeReceived': (state) =>
    prepend(
      abandonDecision,
      close(state, null, closedByPeer('the client closed the channel before a decision')),
    ),
  'channel.written': (state, event) => settleOutput(state, event.byteCount),
  'channel.dropped': dropUnwritten,
  'channel.closed': 'illegal',
  'channel.lost': (state, event) =>
    prepend(abandonDecision, end(state, null, lostConnection(event.reason))),
  'program.accepted': (state) => start(state, state.owed, state.program, resizeFirst(state)),
  'program.refused': (state, event) =>
    refuse(state, event.reason, { endedBy: 'policy', reason: event.reason }),
  'program.failed': (state, event) =>
    refuse(state, event.message, { endedBy: 'failed', reason: event.reason }),
  ...noProcessYet,
  'timer.expired': 'ignore',
  'session.write': write,
  'session.warn': warn,
  'session.loseConnection': (state, event) => loseBeforeStart(state, event, abandonDecision),
  'session.end': (state, event) => endBeforeStart(state, event, abandonDecision),
  'producer.registered': registerProducer,
  'producer.unregistered': (state) => unregisterBeforeStart(state, abandonDecision),
}

/** The process was told to start. */
export const startingRow: Row<'starting'> = {
  'channel.requested': applyRequest,
  'channel.replied': 'ignore',
  'channel.dataReceived': defer,
  'channel.extendedDataReceived': (state, event) => dropInput(state, event.bytes.length),
  'channel.discarded': countDiscarded,
  'channel.eofReceived': defer,
  'channel.closeReceived': (state) =>
    abandon(state, closedByPeer('the client closed the channel while the program started')),
  'channel.written': (state, event) => settleOutput(state, event.byteCount),
  'channel.dropped': dropUnwritten,
  'channel.closed': 'illegal',
  'channel.lost': (state, event) => orphan(state, lostConnection(event.reason)),
  ...decisionMade,
  'process.started': run,
  'process.startFailed': failToStart,
  'process.output': 'illegal',
  'process.outputEnded': 'illegal',
  'process.inputWritten': 'illegal',
  'process.inputClosed': 'illegal',
  'process.exited': 'illegal',
  'timer.expired': 'ignore',
  'session.write': write,
  'session.warn': warn,
  'session.loseConnection': (state, event) =>
    giveUpAfterProducer(state, (state) =>
      leave(state, { endedBy: 'policy', reason: event.reason }),
    ),
  'session.end': endWhileStarting,
  'producer.registered': registerProducer,
  'producer.unregistered': (state) => endProducer(state, (state) => leave(state, givenUp)),
}

/** The ending of a session whose owner gave it up, and that waited for its producer. */
export const givenUp: Ending = { endedBy: 'policy', reason: 'the connection was given up' }

/** An ending by loss of the connection. */
export function lostConnection(reason: string): Ending {
  return { endedBy: 'connectionLost', reason }
}

/** A client that was refused and hangs up has not ended the session: the refusal has. */
export function afterLoss(ending: Ending, reason: string): Ending {
  return ending.endedBy === 'peerClose' ? lostConnection(reason) : ending
}

/** An ending by the client's CLOSE. */
export function closedByPeer(reason: string): Ending {
  return { endedBy: 'peerClose', reason }
}

function start(
  state: Common,
  owed: OwedStart | null,
  program: Program | null,
  first: readonly SessionCommand[] = [],
): SessionStep {
  const starting: Starting = { ...commonOf(state), phase: 'starting', owed, program }
  return [starting, [...first, { type: 'process.start' }]]
}

/** A terminal resized while the handler decided starts with its last size. */
function resizeFirst(state: Deciding): readonly SessionCommand[] {
  const { terminal } = state.program
  if (terminal === null || terminal === state.opening.terminal) return []
  return [{ type: 'process.resize', size: terminal.size }]
}

/** As sshd: the window is opened before the request is granted (RFC 4254 section 6.5). */
function run(state: Starting, event: SessionEventOf<'process.started'>): SessionStep {
  const terminal = state.program?.terminal ?? null
  const outputs = openOutputs(event.outputs)
  return [
    {
      ...commonOf(state),
      phase: 'running',
      program: state.program,
      terminalSize: event.isTerminal ? (terminal?.size ?? unknownSize) : null,
      outputs,
      ending: { endedBy: 'process', reason: 'the process ended' },
    },
    [
      { type: 'channel.openWindow' },
      ...(state.output.phase === 'paused' ? [pauseProcess] : []),
      ...replyTo(state.owed, true),
      ...(haveAllEnded(outputs) ? [sendEof] : []),
    ],
  ]
}

/** A program without outputs has said all it can say. */
const sendEof: SessionCommand = { type: 'channel.sendEof' }

const unknownSize = { columns: 0, rows: 0, widthPixels: 0, heightPixels: 0 }

/** As a shell: the request is granted, a line says why, and the exit status is 127, 126 or 254. */
function failToStart(state: Starting, event: SessionEventOf<'process.startFailed'>): SessionStep {
  const exit = exited(startFailureCode(event.failure))
  const granted = [state, replyTo(state.owed, true)] as const
  const told = then(granted, (granted) => handLine(granted, event.message))
  const reported = then(told, (told) => [
    told,
    [...report(state, exit), { type: 'channel.sendEof' }],
  ])
  return then(reported, (reported) =>
    close(reported, exit, { endedBy: 'failed', reason: event.message }),
  )
}

/** Before a program runs there is nothing to wait for but a registered producer. */
export function loseBeforeStart(
  state: Waiting | Deciding | Refusing,
  event: SessionEventOf<'session.loseConnection'>,
  first: readonly SessionCommand[],
): SessionStep {
  const ending: Ending = { endedBy: 'policy', reason: event.reason }
  return giveUpAfterProducer(state, (state) => prepend(first, close(state, null, ending)))
}

/** The connection closes where it waited for this producer. */
export function unregisterBeforeStart(
  state: Waiting | Deciding | Refusing,
  first: readonly SessionCommand[],
): SessionStep {
  return endProducer(state, (state) => prepend(first, close(state, null, givenUp)))
}

/** Without a program there is nobody to wait for: the reason is told, and the channel closes. */
export function endBeforeStart(
  state: Waiting | Deciding | Refusing,
  event: SessionEventOf<'session.end'>,
  first: readonly SessionCommand[],
): SessionStep {
  const ending: Ending = { endedBy: event.endedBy, reason: event.reason }
  return then(handLine(state, event.reason), (told) => {
    const [closing, commands] = close(told, null, ending)
    return [closing, [...first, ...commands, limitClosing(told)]]
  })
}

function endWhileStarting(state: Starting, event: SessionEventOf<'session.end'>): SessionStep {
  const ending: Ending = { endedBy: event.endedBy, reason: event.reason }
  return then(handLine(state, event.reason), (told) =>
    then(leave(told, ending), (leaving) => [
      leaving,
      [disconnectProcess, ...escalate(leaving), limitClosing(leaving)],
    ]),
  )
}

function prepend(first: readonly SessionCommand[], step: SessionStep): SessionStep {
  return [step[0], [...first, ...step[1]]]
}
