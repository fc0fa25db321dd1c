export {
  initialChannelState,
  isChannelOver,
  type ChannelInput,
  type ChannelLimits,
  type ChannelOutput,
  type ChannelState,
  type ChannelStep,
} from './channel/channel-state'
export { channelTransition } from './channel/channel-transition'
export { errorCodes, type ErrorCode, type Fault } from './errors/error-code'
export { HawseError, isHawseError } from './errors/hawse-error'
export {
  functionProcess,
  handler,
  type FunctionProcessOptions,
  type HandlerOptions,
  type HandlerProgram,
} from './handler/handler'
export type { HandlerContext } from './handler/handler-context'
export type { HandlerInput } from './handler/handler-input'
export type { HandlerOutput } from './handler/handler-output'
export { parseGitCommand, type GitCommand } from './handler/git-command'
export { splitCommand } from './handler/split-command'
export type { AbortSignalLike } from './platform/abort'
export type { Address } from './ports/address'
export type { ChannelCommand, ChannelEvent, ChannelPort } from './ports/channel-port'
export { createEventSource, type EventSource } from './ports/event-source'
export { exited, lost, signaled, unreported, type ExitOutcome } from './ports/exit-outcome'
export { maskUnsharedDescriptors, unsharedDescriptors } from './ports/unshared-descriptors'
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
export { SessionProcessProtocol, type Producer } from './protocol/session-process-protocol'
export { bytePipe, type BytePipe } from './run/byte-pipe'
export { closedSink, discard, readerGone, toFunction, type ByteSink } from './run/byte-sink'
export { fromAsyncIterable, fromBytes, iterableOf, type ByteSource } from './run/byte-source'
export { endingOf, type Ending, type EndingDelays, type EndingListener } from './run/ending'
export { linesOf, type LineOptions } from './run/lines'
export { observableOf } from './run/observable-of'
export {
  outcomeInWords,
  type ProcessEnd,
  type ProcessOutcome,
  type RunTraffic,
  type StreamFailure,
} from './run/process-end'
export { fromProcess, toProcess, type ProcessSink, type ProcessSource } from './run/process-source'
export {
  redirect,
  type ProcessStreams,
  type Redirection,
  type RedirectOptions,
} from './run/redirect'
export { run, runPipeline } from './run/run'
export type { PipelineOptions, RunOptions } from './run/run-options'
export {
  isRunError,
  RunError,
  type Decoded,
  type PipelineResult,
  type RunEncoding,
  type RunEndedBy,
  type RunFailure,
  type RunResult,
} from './run/run-result'
export { stream, type ProcessStream, type StreamOptions } from './run/stream'
export {
  fromWebStream,
  toWebStream,
  webSourceOf,
  type WebReadableLike,
  type WebUnderlyingSource,
  type WebWritableLike,
} from './run/web-streams'
export type { RemoteInput, RemoteOpening, RemoteOutput } from './remote/remote-event'
export {
  remoteProgram,
  type RemoteProgram,
  type RemoteProgramOptions,
} from './remote/remote-program'
export {
  initialRemoteState,
  type RemotePhase,
  type RemoteState,
  type RemoteStep,
} from './remote/remote-state'
export { isIllegalRemote, remoteTransition } from './remote/remote-transition'
export type { Program, ProgramRequest, X11Request } from './session/program'
export type { SessionCommand } from './session/session-command'
export {
  sessionEnvironment,
  type Account,
  type SessionEnvironmentOptions,
} from './session/session-environment'
export type { SessionEvent } from './session/session-event'
export type { EndedBy, SessionOutcome, Traffic } from './session/session-outcome'
export {
  defaultSettings,
  type DisconnectPolicy,
  type SessionSettings,
} from './session/session-settings'
export {
  initialSessionState,
  type SessionPhase,
  type SessionState,
  type SessionStep,
} from './session/session-state'
export { isIllegal, sessionTransition } from './session/session-transition'
export { bridge } from './streams/bridge'
export { channelOverTransport } from './streams/channel-over-transport'
export { drive, type Drive, type DriveOptions } from './streams/drive'
export { processOverChannel, type ChannelOpening } from './streams/process-over-channel'
export { runSession, type Session } from './streams/run-session'
export type { SessionResult } from './streams/session-driver'
export {
  sessionGroup,
  type SessionGroup,
  type SessionGroupClosing,
  type SessionGroupOptions,
  type SessionGroupReport,
} from './streams/session-group'
export {
  refuse,
  type Decision,
  type ExecRequest,
  type HandlerRequest,
  type Refusal,
  type SessionHandlers,
  type SubsystemRequest,
} from './streams/session-handlers'
export { sessionLog, type ExitSummary, type SessionLogEntry } from './streams/session-log'
export type { SessionOptions, SessionStepRecord } from './streams/session-options'
export type { TimeLimits } from './streams/time-limits'
export type { ChannelMessage } from './wire/channel-message'
export type { ChannelRequest } from './wire/channel-request'
export {
  decodeChannelMessage,
  recipientChannelOf,
  type AddressedChannelMessage,
} from './wire/decode-channel-message'
export {
  encodeChannelMessage,
  encodeChannelMessageInto,
  encodedLength,
} from './wire/encode-channel-message'
export { exitSignalName, isRfcSignalName, rfcSignalNames, signalNameOf } from './wire/signal-names'
export { decodeTerminalModes, encodeTerminalModes, terminalModeNames } from './wire/terminal-modes'
