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
export type { ChannelMessage } from './wire/channel-message'
export type { ChannelRequest } from './wire/channel-request'
