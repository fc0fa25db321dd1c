import fc from 'fast-check'
import type { ChannelMessage } from '../../src/wire/channel-message'
import type { ChannelRequest } from '../../src/wire/channel-request'

/** Any uint32. */
export const uint32 = fc.integer({ min: 0, max: 4294967295 })

/** Any text that has a UTF-8 form, the byte order mark and NUL included. */
export const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.string({ maxLength: 20 }).map((tail) => `\ufeff${tail}`),
)

/** Any bytes. */
export const bytes = fc.uint8Array({ maxLength: 200 })

/** Terminal modes that can be encoded. */
export const terminalModes = fc
  .array(fc.tuple(fc.integer({ min: 1, max: 159 }), uint32))
  .map((entries): ReadonlyMap<number, number> => new Map(entries))

const size = fc.record({ columns: uint32, rows: uint32, widthPixels: uint32, heightPixels: uint32 })

const withText = bytes.map((sent) => ({
  sent,
  read: new TextDecoder('utf-8', { ignoreBOM: true }).decode(sent),
}))

/** Any request. */
export const request: fc.Arbitrary<ChannelRequest> = fc.oneof(
  fc.record({
    name: fc.constant('pty-req' as const),
    terminal: fc.record({ term: text, size, modes: terminalModes }),
  }),
  fc.record({
    name: fc.constant('x11-req' as const),
    isSingleConnection: fc.boolean(),
    authenticationProtocol: text,
    authenticationCookie: text,
    screenNumber: uint32,
  }),
  fc.tuple(text, withText).map(([variable, { sent, read }]) => ({
    name: 'env' as const,
    variable,
    value: read,
    valueBytes: sent,
  })),
  withText.map(({ sent, read }) => ({ name: 'exec' as const, command: read, commandBytes: sent })),
  fc.record({ name: fc.constant('subsystem' as const), subsystem: text }),
  fc.record({ name: fc.constant('window-change' as const), size }),
  fc.record({ name: fc.constant('xon-xoff' as const), clientCanDo: fc.boolean() }),
  fc.record({ name: fc.constant('signal' as const), signal: text }),
  fc.record({ name: fc.constant('break' as const), lengthMs: uint32 }),
  fc.record({ name: fc.constant('exit-status' as const), code: uint32 }),
  fc.record({
    name: fc.constant('exit-signal' as const),
    signal: text,
    hasCoreDumped: fc.boolean(),
    message: text,
    languageTag: text,
  }),
  fc.constantFrom(
    { name: 'shell' as const },
    { name: 'auth-agent-req@openssh.com' as const },
    { name: 'eow@openssh.com' as const },
  ),
  fc.record({
    name: fc.constant('unknown' as const),
    requestType: text.map((name) => `${name}@example.org`),
    data: bytes,
  }),
)

/** Any message of an open channel. */
export const message: fc.Arbitrary<ChannelMessage> = fc.oneof(
  fc.record({ type: fc.constant('windowAdjust' as const), byteCount: uint32 }),
  fc.record({ type: fc.constant('data' as const), bytes }),
  fc.record({ type: fc.constant('extendedData' as const), dataType: uint32, bytes }),
  fc.constantFrom<ChannelMessage>(
    { type: 'eof' },
    { type: 'close' },
    { type: 'success' },
    { type: 'failure' },
  ),
  {
    weight: 6,
    arbitrary: fc.record({
      type: fc.constant('request' as const),
      request,
      wantsReply: fc.boolean(),
    }),
  },
)
