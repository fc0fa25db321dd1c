import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { decodeChannelMessage, recipientChannelOf } from '../../src/wire/decode-channel-message'
import { decodeChannelRequest } from '../../src/wire/decode-channel-request'
import { encodeChannelMessage } from '../../src/wire/encode-channel-message'
import { encodeChannelRequest } from '../../src/wire/encode-channel-request'
import { decodeTerminalModes, encodeTerminalModes } from '../../src/wire/terminal-modes'
import { message, request, terminalModes, text } from '../wire/arbitrary-message'
import { codeThrownBy, hex } from '../wire/wire-bytes'
import { fuzzRuns, mutated } from './mutated'

const payload = fc.tuple(fc.nat(3), message).map(([to, sent]) => encodeChannelMessage(to, sent))
const encodedModes = terminalModes.map(encodeTerminalModes)
const requestBody = fc
  .tuple(request, fc.boolean())
  .map(([sent, wantsReply]) => encodeChannelRequest(sent, wantsReply))

describe('decoders given mutated bytes', () => {
  it('read a message that reads the same when it is encoded again, or call it malformed', () => {
    fc.assert(fc.property(mutated(payload), expectMessageOrMalformed), fuzzRuns(4_000))
  })

  it('read terminal modes that read the same when they are encoded again, or call them malformed', () => {
    fc.assert(fc.property(mutated(encodedModes), expectModesOrMalformed), fuzzRuns(2_000))
  })

  it('read the data of any type of request, or call it malformed', () => {
    const names = fc.oneof(request.map(nameOf), text)
    fc.assert(fc.property(names, mutated(requestBody), expectRequestOrMalformed), fuzzRuns(2_000))
  })

  it.each(corpus())('still hold what %s found', (_file, bytes) => {
    expectMessageOrMalformed(bytes)
    expectModesOrMalformed(bytes)
  })
})

function expectMessageOrMalformed(bytes: Uint8Array): void {
  const before = Uint8Array.from(bytes)
  const code = codeThrownBy(() => decodeChannelMessage(bytes))
  expect(bytes).toEqual(before)
  const recipient = recipientChannelOf(bytes)
  if (code !== 'returned') return expect(code).toBe('MALFORMED_MESSAGE')
  const decoded = decodeChannelMessage(bytes)
  expect(recipient).toBe(decoded.recipientChannel)
  const again = encodeChannelMessage(decoded.recipientChannel, decoded.message)
  expect(decodeChannelMessage(again)).toEqual(decoded)
}

function expectModesOrMalformed(bytes: Uint8Array): void {
  const code = codeThrownBy(() => decodeTerminalModes(bytes))
  if (code !== 'returned') return expect(code).toBe('MALFORMED_MESSAGE')
  const modes = decodeTerminalModes(bytes)
  expect(decodeTerminalModes(encodeTerminalModes(modes))).toEqual(modes)
}

function expectRequestOrMalformed(name: string, data: Uint8Array): void {
  const code = codeThrownBy(() => decodeChannelRequest(name, data))
  if (code !== 'returned') return expect(code).toBe('MALFORMED_MESSAGE')
  const decoded = decodeChannelRequest(name, data)
  const sent = { type: 'request', request: decoded, wantsReply: true } as const
  expect(decodeChannelMessage(encodeChannelMessage(0, sent)).message).toEqual(sent)
}

function nameOf(
  sent: typeof request extends fc.Arbitrary<infer Request> ? Request : never,
): string {
  return sent.name === 'unknown' ? sent.requestType : sent.name
}

/** Bytes that once did harm: one file of hexadecimal digits each. */
function corpus(): [string, Uint8Array][] {
  const folder = join(__dirname, 'corpus')
  return readdirSync(folder)
    .filter((name) => name.endsWith('.hex'))
    .map((name) => [name, hex(readFileSync(join(folder, name), 'latin1'))])
}
