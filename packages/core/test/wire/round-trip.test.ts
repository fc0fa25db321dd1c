import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { decodeChannelMessage, recipientChannelOf } from '../../src/wire/decode-channel-message'
import { encodeChannelMessage, encodedLength } from '../../src/wire/encode-channel-message'
import { message, uint32 } from './arbitrary-message'
import { codeThrownBy } from './wire-bytes'

describe('the codec', () => {
  it('gives back every message it encodes, with its channel', () => {
    fc.assert(
      fc.property(uint32, message, (recipientChannel, sent) => {
        const payload = encodeChannelMessage(recipientChannel, sent)
        expect(payload.length).toBe(encodedLength(sent))
        expect(recipientChannelOf(payload)).toBe(recipientChannel)
        expect(decodeChannelMessage(payload)).toEqual({ recipientChannel, message: sent })
      }),
      { numRuns: 1500 },
    )
  })

  it('encodes what it decoded to the same bytes', () => {
    fc.assert(
      fc.property(uint32, message, (recipientChannel, sent) => {
        const payload = encodeChannelMessage(recipientChannel, sent)
        const decoded = decodeChannelMessage(payload)
        expect(encodeChannelMessage(decoded.recipientChannel, decoded.message)).toEqual(payload)
      }),
      { numRuns: 500 },
    )
  })

  it('throws nothing but MALFORMED_MESSAGE on arbitrary bytes', () => {
    fc.assert(fc.property(arbitraryPayload, expectDecodedOrMalformed), { numRuns: 3000 })
  })

  it('throws nothing but MALFORMED_MESSAGE on damaged messages, and keeps what it could decode', () => {
    fc.assert(fc.property(damagedPayload, expectDecodedOrMalformed), { numRuns: 3000 })
  })

  it('refuses every encoded message that is cut short, raw requests apart', () => {
    fc.assert(
      fc.property(message, fc.nat(), (sent, seed) => {
        fc.pre(sent.type !== 'request' || sent.request.name !== 'unknown')
        const payload = encodeChannelMessage(1, sent)
        const cut = payload.subarray(0, seed % payload.length)
        expect(codeThrownBy(() => decodeChannelMessage(cut))).toBe('MALFORMED_MESSAGE')
      }),
      { numRuns: 1500 },
    )
  })
})

const arbitraryPayload = fc.oneof(
  fc.uint8Array({ maxLength: 64 }),
  fc
    .tuple(fc.integer({ min: 93, max: 100 }), fc.uint8Array({ maxLength: 64 }))
    .map(([messageNumber, rest]) => Uint8Array.of(messageNumber, ...rest)),
)

const damagedPayload = fc
  .tuple(message, fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 4 }))
  .map(([sent, damages]) => {
    const payload = encodeChannelMessage(1, sent)
    for (const [seed, byte] of damages) payload[seed % payload.length] = byte
    return payload
  })

function expectDecodedOrMalformed(payload: Uint8Array): void {
  const code = codeThrownBy(() => decodeChannelMessage(payload))
  if (code !== 'returned') {
    expect(code).toBe('MALFORMED_MESSAGE')
    return
  }
  const decoded = decodeChannelMessage(payload)
  const again = encodeChannelMessage(decoded.recipientChannel, decoded.message)
  expect(decodeChannelMessage(again)).toEqual(decoded)
}
