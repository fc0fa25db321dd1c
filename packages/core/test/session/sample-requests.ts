import type { SessionEventOf } from '../../src/session/session-event'
import type { ChannelRequest } from '../../src/wire/channel-request'

/** A client's request as an event; its id is 9, and a reply is wanted. */
export function requested(
  request: ChannelRequest,
  wantsReply = true,
): SessionEventOf<'channel.requested'> {
  return { type: 'channel.requested', requestId: 9, request, wantsReply }
}

const size = { columns: 100, rows: 40, widthPixels: 0, heightPixels: 0 }

/** One request of every name. */
export const sampleRequests: {
  readonly [Name in ChannelRequest['name']]: Extract<ChannelRequest, { readonly name: Name }>
} = {
  'pty-req': { name: 'pty-req', terminal: { term: 'xterm', size, modes: new Map() } },
  env: { name: 'env', variable: 'LANG', value: 'C', valueBytes: Uint8Array.of(67) },
  'x11-req': {
    name: 'x11-req',
    isSingleConnection: false,
    authenticationProtocol: 'MIT-MAGIC-COOKIE-1',
    authenticationCookie: '00',
    screenNumber: 0,
  },
  'auth-agent-req@openssh.com': { name: 'auth-agent-req@openssh.com' },
  shell: { name: 'shell' },
  exec: { name: 'exec', command: 'ls', commandBytes: Uint8Array.of(108, 115) },
  subsystem: { name: 'subsystem', subsystem: 'sftp' },
  'window-change': { name: 'window-change', size },
  signal: { name: 'signal', signal: 'TERM' },
  break: { name: 'break', lengthMs: 500 },
  'eow@openssh.com': { name: 'eow@openssh.com' },
  'xon-xoff': { name: 'xon-xoff', clientCanDo: true },
  'exit-status': { name: 'exit-status', code: 0 },
  'exit-signal': {
    name: 'exit-signal',
    signal: 'TERM',
    hasCoreDumped: false,
    message: '',
    languageTag: '',
  },
  unknown: { name: 'unknown', requestType: 'keepalive@openssh.com', data: new Uint8Array() },
}
