export { errorCodes, type ErrorCode, type Fault } from './errors/error-code'
export { HawseError, isHawseError } from './errors/hawse-error'
export type { Address } from './ports/address'
export type { ChannelCommand, ChannelEvent, ChannelPort } from './ports/channel-port'
export { createEventSource, type EventSource } from './ports/event-source'
export { exited, signaled, unreported, type ExitOutcome } from './ports/exit-outcome'
export type {
  OutputName,
  ProcessCommand,
  ProcessEvent,
  ProcessPort,
  StartFailure,
} from './ports/process-port'
export type { TerminalModes, TerminalRequest, TerminalSize } from './ports/terminal'
export type {
  ChannelParameters,
  TransportCommand,
  TransportEvent,
  TransportPort,
} from './ports/transport-port'
export { channelOverTransport } from './streams/channel-over-transport'
export type { ChannelMessage } from './wire/channel-message'
export type { ChannelRequest } from './wire/channel-request'
export { decodeChannelMessage, recipientChannelOf } from './wire/decode-channel-message'
export {
  encodeChannelMessage,
  encodeChannelMessageInto,
  encodedLength,
} from './wire/encode-channel-message'
export { exitSignalName, isRfcSignalName, rfcSignalNames, signalNameOf } from './wire/signal-names'
export { decodeTerminalModes, encodeTerminalModes, terminalModeNames } from './wire/terminal-modes'
