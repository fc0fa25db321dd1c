import { describe, expect, it } from '@jest/globals'
import type { ChannelMessage } from '../../src/wire/channel-message'
import {
  encodeChannelMessage,
  encodeChannelMessageInto,
  encodedLength,
} from '../../src/wire/encode-channel-message'
import { messageVectors } from './message-vectors'
import { ascii, codeThrownBy, hex, messageThrownBy } from './wire-bytes'

describe('encodeChannelMessage', () => {
  it.each(messageVectors)('writes $title', ({ payload, recipientChannel, message }) => {
    expect(encodeChannelMessage(recipientChannel, message)).toEqual(payload)
  })

  it('writes want reply as false', () => {
    const message = { type: 'request', request: { name: 'shell' }, wantsReply: false } as const
    expect(encodeChannelMessage(1, message)).toEqual(
      hex(`62 00000001 00000005 ${ascii('shell')} 00`),
    )
  })

  it('sends the bytes twin where it differs from the text', () => {
    const valueBytes = hex('ff')
    const env = request({ name: 'env', variable: 'A', value: 'text', valueBytes })
    expect(encodeChannelMessage(1, env)).toEqual(
      hex(`62 00000001 00000003 ${ascii('env')} 00 00000001 41 00000001 ff`),
    )
    const exec = request({ name: 'exec', command: 'text', commandBytes: hex('fe') })
    expect(encodeChannelMessage(1, exec)).toEqual(
      hex(`62 00000001 00000004 ${ascii('exec')} 00 00000001 fe`),
    )
  })

  it.each([-1, 4294967296, 1.5, Number.NaN, Number.POSITIVE_INFINITY])(
    'refuses %p as a uint32 instead of sending another number',
    (value) => {
      const calls = [
        () => encodeChannelMessage(value, { type: 'eof' }),
        () => encodeChannelMessage(1, { type: 'windowAdjust', byteCount: value }),
        () => encodeChannelMessage(1, { type: 'extendedData', dataType: value, bytes: hex('') }),
        () => encodeChannelMessage(1, request({ name: 'exit-status', code: value })),
      ]
      expect(calls.map(codeThrownBy)).toEqual(calls.map(() => 'INVALID_ARGUMENT'))
    },
  )

  it('names the field that is no uint32', () => {
    const call = () => encodeChannelMessage(1, request({ name: 'break', lengthMs: -5 }))
    expect(messageThrownBy(call)).toContain('Cannot encode break lengthMs: -5')
  })
})

describe('encodeChannelMessageInto', () => {
  it.each(messageVectors)('writes exactly the bytes of $title, and no other', (vector) => {
    const byteCount = encodedLength(vector.message)
    const target = new Uint8Array(byteCount + 7).fill(0xaa)
    expect(encodeChannelMessageInto(vector.recipientChannel, vector.message, target, 3)).toBe(
      3 + byteCount,
    )
    expect(target).toEqual(Uint8Array.of(...hex('aaaaaa'), ...vector.payload, ...hex('aaaaaaaa')))
  })

  it.each(messageVectors)('refuses a target one byte too short for $title', (vector) => {
    const target = new Uint8Array(encodedLength(vector.message) + 1)
    const intoTarget = (offset: number) => () =>
      encodeChannelMessageInto(vector.recipientChannel, vector.message, target, offset)
    expect([0, 1, 2, -1, 0.5].map((offset) => codeThrownBy(intoTarget(offset)))).toEqual([
      'returned',
      'returned',
      'INVALID_ARGUMENT',
      'INVALID_ARGUMENT',
      'INVALID_ARGUMENT',
    ])
  })
})

function request(body: Extract<ChannelMessage, { type: 'request' }>['request']): ChannelMessage {
  return { type: 'request', request: body, wantsReply: false }
}
