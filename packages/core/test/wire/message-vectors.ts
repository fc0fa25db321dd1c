import type { ChannelMessage } from '../../src/wire/channel-message'
import type { ChannelRequest } from '../../src/wire/channel-request'
import { ascii, hex } from './wire-bytes'

/** One message written by hand from RFC 4254, and what it means. */
export interface MessageVector {
  readonly title: string
  readonly payload: Uint8Array
  readonly recipientChannel: number
  readonly message: ChannelMessage
  /** Shortest prefix that is a whole message of its own, where there is one: raw data has no length. */
  readonly shortestWholeByteCount?: number
}

/** Messages without fields of a request. */
export const plainVectors: readonly MessageVector[] = [
  {
    title: 'CHANNEL_WINDOW_ADJUST of the largest uint32',
    payload: hex('5d 00000007 ffffffff'),
    recipientChannel: 7,
    message: { type: 'windowAdjust', byteCount: 4294967295 },
  },
  {
    title: 'CHANNEL_DATA',
    payload: hex(`5e 00000001 00000005 ${ascii('hello')}`),
    recipientChannel: 1,
    message: { type: 'data', bytes: hex(ascii('hello')) },
  },
  {
    title: 'CHANNEL_DATA of no bytes, for the last channel number',
    payload: hex('5e ffffffff 00000000'),
    recipientChannel: 4294967295,
    message: { type: 'data', bytes: hex('') },
  },
  {
    title: 'CHANNEL_EXTENDED_DATA for stderr, binary',
    payload: hex('5f 00000002 00000001 00000004 00ff0d0a'),
    recipientChannel: 2,
    message: { type: 'extendedData', dataType: 1, bytes: hex('00ff0d0a') },
  },
  {
    title: 'CHANNEL_EXTENDED_DATA of a type from the private range',
    payload: hex('5f 00000002 fe000000 00000001 41'),
    recipientChannel: 2,
    message: { type: 'extendedData', dataType: 0xfe000000, bytes: hex('41') },
  },
  {
    title: 'CHANNEL_EOF',
    payload: hex('60 00000100'),
    recipientChannel: 256,
    message: { type: 'eof' },
  },
  {
    title: 'CHANNEL_CLOSE',
    payload: hex('61 00010000'),
    recipientChannel: 65536,
    message: { type: 'close' },
  },
  {
    title: 'CHANNEL_SUCCESS',
    payload: hex('63 01000000'),
    recipientChannel: 16777216,
    message: { type: 'success' },
  },
  {
    title: 'CHANNEL_FAILURE',
    payload: hex('64 00000000'),
    recipientChannel: 0,
    message: { type: 'failure' },
  },
]

/** One CHANNEL_REQUEST of every kind, to channel 3. */
export const requestVectors: readonly MessageVector[] = [
  requestVector(
    'pty-req',
    `00000005 ${ascii('xterm')} 00000050 00000018 00000280 000001e0
     00000015 01 00000003 35 00000001 81 00009600 9f deadbeef 00`,
    {
      name: 'pty-req',
      terminal: {
        term: 'xterm',
        size: { columns: 80, rows: 24, widthPixels: 640, heightPixels: 480 },
        modes: new Map([
          [1, 3],
          [53, 1],
          [129, 38400],
          [159, 0xdeadbeef],
        ]),
      },
    },
  ),
  requestVector(
    'x11-req',
    `01 00000012 ${ascii('MIT-MAGIC-COOKIE-1')} 00000004 ${ascii('beef')} 00000002`,
    {
      name: 'x11-req',
      isSingleConnection: true,
      authenticationProtocol: 'MIT-MAGIC-COOKIE-1',
      authenticationCookie: 'beef',
      screenNumber: 2,
    },
  ),
  requestVector('env', `00000004 ${ascii('LANG')} 00000003 c3a921`, {
    name: 'env',
    variable: 'LANG',
    value: 'é!',
    valueBytes: hex('c3a921'),
  }),
  requestVector('shell', '', { name: 'shell' }),
  requestVector('exec', `00000004 ${ascii('ls -')}`, {
    name: 'exec',
    command: 'ls -',
    commandBytes: hex(ascii('ls -')),
  }),
  requestVector('exec', '00000006 41 ff 42 c3 00 0a', {
    name: 'exec',
    command: 'A\ufffdB\ufffd\u0000\n',
    commandBytes: hex('41 ff 42 c3 00 0a'),
  }),
  requestVector('subsystem', `00000004 ${ascii('sftp')}`, { name: 'subsystem', subsystem: 'sftp' }),
  requestVector('window-change', '00000084 0000002b 00000000 ffffffff', {
    name: 'window-change',
    size: { columns: 132, rows: 43, widthPixels: 0, heightPixels: 4294967295 },
  }),
  requestVector('xon-xoff', '01', { name: 'xon-xoff', clientCanDo: true }),
  requestVector('signal', `00000004 ${ascii('TERM')}`, { name: 'signal', signal: 'TERM' }),
  requestVector('break', '000001f4', { name: 'break', lengthMs: 500 }),
  requestVector('exit-status', '000000ff', { name: 'exit-status', code: 255 }),
  requestVector(
    'exit-signal',
    `0000000f ${ascii('SIG@openssh.com')} 01 00000002 ${ascii('no')} 00000002 ${ascii('en')}`,
    {
      name: 'exit-signal',
      signal: 'SIG@openssh.com',
      hasCoreDumped: true,
      message: 'no',
      languageTag: 'en',
    },
  ),
  requestVector('auth-agent-req@openssh.com', '', { name: 'auth-agent-req@openssh.com' }),
  requestVector('eow@openssh.com', '', { name: 'eow@openssh.com' }),
  unknownVector('winadj@putty.projects.tartarus.org', ''),
  unknownVector('x@example.org', '0000 ff'),
  unknownVector('constructor', '01'),
  unknownVector('__proto__', '01'),
  unknownVector('', '02'),
]

/** Every message and every request. */
export const messageVectors: readonly MessageVector[] = [...plainVectors, ...requestVectors]

function requestVector(requestType: string, data: string, request: ChannelRequest): MessageVector {
  return {
    title: `CHANNEL_REQUEST ${requestType}`,
    payload: hex(`62 00000003 ${lengthOf(requestType)} ${ascii(requestType)} 01 ${data}`),
    recipientChannel: 3,
    message: { type: 'request', request, wantsReply: true },
  }
}

function unknownVector(requestType: string, data: string): MessageVector {
  const vector = requestVector(requestType, data, {
    name: 'unknown',
    requestType,
    data: hex(data),
  })
  return { ...vector, shortestWholeByteCount: 10 + requestType.length }
}

function lengthOf(text: string): string {
  return text.length.toString(16).padStart(8, '0')
}
