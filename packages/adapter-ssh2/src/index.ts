export { openSession } from './client/open-session'
export { remoteProcess } from './client/remote-process'
export { protectConnection } from './connection-of'
export {
  connectionGate,
  type ConnectionGate,
  type ConnectionGateOptions,
  type GateSocket,
} from './limits/connection-gate'
export { defaultConnectionLimits, type ConnectionLimits } from './limits/connection-limits'
export {
  limitAuthentication,
  type AuthenticationLimits,
  type Ssh2Attempt,
  type Ssh2Authenticating,
} from './limits/limit-authentication'
export { ssh2Channel, ssh2ChannelTransport } from './ssh2-channel'
export { ssh2SessionTransport } from './ssh2-session-transport'
export { ssh2Sessions } from './ssh2-sessions'
export type {
  AcceptSsh2Channel,
  AcceptSsh2Session,
  Ssh2Channel,
  Ssh2Client,
  Ssh2Connection,
  Ssh2Peer,
  Ssh2Session,
  Ssh2SessionListener,
} from './ssh2-shapes'
