import type { TerminalRequest, TerminalSize } from '../ports/terminal'
import { decodeUtf8 } from '../platform/text'
import { ByteReader } from './byte-reader'
import type { ChannelRequest } from './channel-request'
import { decodeTerminalModes } from './terminal-modes'

/**
 * A request from its type and its type-specific data (RFC 4254 section 6).
 *
 * Every byte string of the result is a copy, because requests outlive the packet. Types not known are kept raw.
 * Throws `MALFORMED_MESSAGE` for a known type whose data is cut short or followed by more, as OpenSSH does.
 */
export function decodeChannelRequest(requestType: string, data: Uint8Array): ChannelRequest {
  if (!isKnown(requestType)) return { name: 'unknown', requestType, data: copyOf(data) }
  const reader = new ByteReader(data, `CHANNEL_REQUEST ${requestType}`)
  const request = decoders[requestType](reader)
  reader.requireEnd()
  return request
}

type KnownName = Exclude<ChannelRequest['name'], 'unknown'>

/** How the data of each known request reads; the type proves that none is missing or decoded as another. */
const decoders: {
  readonly [Name in KnownName]: (reader: ByteReader) => Extract<ChannelRequest, { name: Name }>
} = {
  'pty-req': (reader) => ({ name: 'pty-req', terminal: readTerminal(reader) }),
  'x11-req': (reader) => ({
    name: 'x11-req',
    isSingleConnection: reader.readBoolean('single connection'),
    authenticationProtocol: reader.readText('authentication protocol'),
    authenticationCookie: reader.readText('authentication cookie'),
    screenNumber: reader.readUint32('screen number'),
  }),
  env: (reader) => {
    const variable = reader.readText('variable name')
    const valueBytes = copyOf(reader.readString('variable value'))
    return { name: 'env', variable, value: decodeUtf8(valueBytes), valueBytes }
  },
  shell: () => ({ name: 'shell' }),
  exec: (reader) => {
    const commandBytes = copyOf(reader.readString('command'))
    return { name: 'exec', command: decodeUtf8(commandBytes), commandBytes }
  },
  subsystem: (reader) => ({ name: 'subsystem', subsystem: reader.readText('subsystem name') }),
  'window-change': (reader) => ({ name: 'window-change', size: readSize(reader) }),
  'xon-xoff': (reader) => ({ name: 'xon-xoff', clientCanDo: reader.readBoolean('client can do') }),
  signal: (reader) => ({ name: 'signal', signal: reader.readText('signal name') }),
  break: (reader) => ({ name: 'break', lengthMs: reader.readUint32('break length') }),
  'exit-status': (reader) => ({ name: 'exit-status', code: reader.readUint32('exit status') }),
  'exit-signal': (reader) => ({
    name: 'exit-signal',
    signal: reader.readText('signal name'),
    hasCoreDumped: reader.readBoolean('core dumped'),
    message: reader.readText('error message'),
    languageTag: reader.readText('language tag'),
  }),
  'auth-agent-req@openssh.com': () => ({ name: 'auth-agent-req@openssh.com' }),
  'eow@openssh.com': () => ({ name: 'eow@openssh.com' }),
}

/** Own keys only: a peer may well ask for `constructor`. */
function isKnown(requestType: string): requestType is KnownName {
  return Object.hasOwn(decoders, requestType)
}

function readTerminal(reader: ByteReader): TerminalRequest {
  return {
    term: reader.readText('TERM'),
    size: readSize(reader),
    modes: decodeTerminalModes(reader.readString('encoded terminal modes')),
  }
}

function readSize(reader: ByteReader): TerminalSize {
  return {
    columns: reader.readUint32('columns'),
    rows: reader.readUint32('rows'),
    widthPixels: reader.readUint32('width in pixels'),
    heightPixels: reader.readUint32('height in pixels'),
  }
}

/** `slice` would not do: that of a Node Buffer gives a view. */
function copyOf(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(bytes)
}
