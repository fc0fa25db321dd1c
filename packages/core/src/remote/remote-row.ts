import { push, pushBytes, type ByteItems } from '../channel/queue'
import type { ProcessCommand } from '../ports/process-port'
import type { RemoteInput, RemoteInputOf } from './remote-event'
import type { RemoteCommon, RemotePhase, RemoteStateIn, RemoteStep } from './remote-state'

/** One cell of the table. */
export type RemoteRule<Phase extends RemotePhase, Type extends RemoteInput['type']> =
  | ((state: RemoteStateIn<Phase>, input: RemoteInputOf<Type>) => RemoteStep)
  /** Nothing happens, and nothing is wrong. */
  | 'ignore'
  /** A port or the driver broke its contract; nothing changes. */
  | 'illegal'

/** All cells of one phase. */
export type RemoteRow<Phase extends RemotePhase> = {
  readonly [Type in RemoteInput['type']]: RemoteRule<Phase, Type>
}

/** Cells of a phase in which there is no channel. */
export const noChannelYet = {
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
} as const

/** Cells of a phase after which nothing of the channel matters: it ends by itself. */
export const channelIsSettled = {
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
} as const

/** Cells of a phase in which nothing can be asked of the process. */
export const nothingToAsk = {
  'process.start': 'ignore',
  'process.lendOutput': 'ignore',
  'process.write': 'ignore',
  'process.closeInput': 'ignore',
  'process.closeOutput': 'ignore',
  'process.pauseOutput': 'ignore',
  'process.resumeOutput': 'ignore',
  'process.signal': 'ignore',
  'process.resize': 'ignore',
  'process.sendBreak': 'ignore',
  'process.disconnect': 'ignore',
} as const

/** Cells of a phase in which the channel is there, or will never be. */
export const openingIsDecided = {
  'remote.opened': 'illegal',
  'remote.openFailed': 'illegal',
} as const

/** Keeps what the process is asked until the program runs. */
export function deferCommand<State extends RemoteCommon>(
  state: State,
  command: ProcessCommand,
): readonly [State, readonly []] {
  const deferred =
    command.type === 'process.write'
      ? pushBytes(state.deferred, command.bytes, deferredInput)
      : push(state.deferred, command)
  return [{ ...state, deferred }, []]
}

/** Cells of a phase that waits for the program. */
export const askedLater = {
  // A program is started once.
  'process.start': 'ignore',
  // Each packet has memory of its own.
  'process.lendOutput': 'ignore',
  'process.write': deferCommand,
  'process.closeInput': deferCommand,
  'process.closeOutput': deferCommand,
  'process.pauseOutput': deferCommand,
  'process.resumeOutput': deferCommand,
  'process.signal': deferCommand,
  'process.resize': deferCommand,
  'process.sendBreak': deferCommand,
} as const

/** Input that comes in short pieces waits in longer ones. */
const deferredInput: ByteItems<ProcessCommand> = {
  bytesOf: (command) => (command.type === 'process.write' ? command.bytes : undefined),
  make: (bytes) => ({ type: 'process.write', bytes }),
}
