import { push, pushBytes, type ByteItems } from '../channel/queue'
import { dropOutput, handLine, handOutput, settleOutput } from './output-flow'
import { countDropped } from './input-flow'
import type { SessionEvent, SessionEventOf } from './session-event'
import type {
  Live,
  ProducerPhase,
  SessionPhase,
  SessionStep,
  StateIn,
  StepWithin,
} from './session-state'

/** One cell of the table. */
export type Rule<Phase extends SessionPhase, Type extends SessionEvent['type']> =
  | ((state: StateIn<Phase>, event: SessionEventOf<Type>) => SessionStep)
  /** Nothing happens, and nothing is wrong. */
  | 'ignore'
  /** A port broke its contract; nothing changes. */
  | 'illegal'

/** All cells of one phase. */
export type Row<Phase extends SessionPhase> = {
  readonly [Type in SessionEvent['type']]: Rule<Phase, Type>
}

/** Cells of a phase in which no process was started: one that speaks all the same breaks its contract. */
export const noProcessYet = {
  'process.started': 'illegal',
  'process.startFailed': 'illegal',
  'process.output': 'illegal',
  'process.outputEnded': 'illegal',
  'process.inputWritten': 'illegal',
  'process.inputClosed': 'illegal',
  'process.exited': 'illegal',
} as const

/** Cells of a phase in which nothing is to be decided: a decision that comes late or twice changes nothing. */
export const decisionMade = {
  'program.accepted': 'ignore',
  'program.refused': 'ignore',
  'program.failed': 'ignore',
} as const

/** Keeps an event until the program runs. */
export function defer<State extends Live>(state: State, event: SessionEvent): StepWithin<State> {
  const deferred =
    event.type === 'channel.dataReceived'
      ? pushBytes(state.deferred, event.bytes, deferredData)
      : push(state.deferred, event)
  return [{ ...state, deferred }, []]
}

/** Data that comes in short pieces waits in longer ones. */
const deferredData: ByteItems<SessionEvent> = {
  bytesOf: (event) => (event.type === 'channel.dataReceived' ? event.bytes : undefined),
  make: (bytes) => ({ type: 'channel.dataReceived', bytes }),
}

/** Counts bytes that came after the client's EOF. */
export function countDiscarded<State extends Live>(
  state: State,
  event: SessionEventOf<'channel.discarded'>,
): StepWithin<State> {
  return [countDropped(state, event.byteCount), []]
}

/** Counts output that can go nowhere any more. */
export function dropEventBytes<State extends Live>(
  state: State,
  event: { readonly bytes: Uint8Array },
): StepWithin<State> {
  return [dropOutput(state, event.bytes.length), []]
}

/** Output that the channel gave up is counted, and no longer waits there. */
export function dropUnwritten<State extends Live>(
  state: State,
  event: SessionEventOf<'channel.dropped'>,
): StepWithin<State> {
  return settleOutput(dropOutput(state, event.byteCount), event.byteCount)
}

/** Bytes of the session's owner for the remote's stdout. */
export function write<State extends Live>(
  state: State,
  event: SessionEventOf<'session.write'>,
): StepWithin<State> {
  return handOutput(state, 'stdout', event.bytes)
}

/** One line of the session's owner for the user. */
export function warn<State extends Live>(
  state: State,
  event: SessionEventOf<'session.warn'>,
): StepWithin<State> {
  return handLine(state, event.message)
}

/** A producer begins: a pull producer is asked for its first bytes, a push producer waits if output is paused. */
export function registerProducer<State extends Live>(
  state: State,
  event: SessionEventOf<'producer.registered'>,
): StepWithin<State> {
  if (state.producer !== 'none') return [state, []]
  const registered = { ...state, producer: event.kind }
  const isPaused = state.output.phase === 'paused'
  if (event.kind === 'pull') return [registered, isPaused ? [] : [{ type: 'producer.resume' }]]
  return [registered, isPaused ? [{ type: 'producer.pause' }] : []]
}

/** A producer that comes when its bytes can go nowhere is stopped at once. */
export function stopProducer<State extends Live>(state: State): StepWithin<State> {
  return [state, [{ type: 'producer.stop' }]]
}

/** A producer has ended. */
export function unregisterProducer<State extends Live>(state: State): StepWithin<State> {
  return [{ ...state, producer: 'none' }, []]
}

/** Gives the connection up: now, or when the registered producer has ended. */
export function giveUpAfterProducer<State extends Live>(
  state: State,
  giveUp: (state: State) => SessionStep,
): SessionStep {
  if (state.producer === 'none') return giveUp(state)
  return [{ ...state, producer: lastProducer(state.producer) }, []]
}

/** A producer has ended; what waited for it happens now. */
export function endProducer<State extends Live>(
  state: State,
  giveUp: (state: State) => SessionStep,
): SessionStep {
  const ended = { ...state, producer: 'none' } as const
  return isLastProducer(state.producer) ? giveUp(ended) : [ended, []]
}

function lastProducer(producer: ProducerPhase): ProducerPhase {
  switch (producer) {
    case 'push':
      return 'lastPush'
    case 'pull':
      return 'lastPull'
    default:
      return producer
  }
}

function isLastProducer(producer: ProducerPhase): boolean {
  return producer === 'lastPush' || producer === 'lastPull'
}
