import { describe, expect, it } from '@jest/globals'
import type { ChannelMessage } from '../../src/wire/channel-message'
import { decodeChannelMessage, recipientChannelOf } from '../../src/wire/decode-channel-message'
import { messageVectors, type MessageVector } from './message-vectors'
import { ascii, codeThrownBy, hex, messageThrownBy } from './wire-bytes'

describe('decodeChannelMessage', () => {
  it.each(messageVectors)('reads $title', ({ payload, recipientChannel, message }) => {
    expect(decodeChannelMessage(payload)).toEqual({ recipientChannel, message })
  })

  it.each(messageVectors)('reads $title from the middle of a larger buffer', (vector) => {
    const packet = new Uint8Array(vector.payload.length + 9).fill(0xaa)
    packet.set(vector.payload, 4)
    const payload = packet.subarray(4, 4 + vector.payload.length)
    expect(decodeChannelMessage(payload).message).toEqual(vector.message)
    expect(recipientChannelOf(payload)).toBe(vector.recipientChannel)
  })

  it.each(messageVectors)('refuses $title cut short at any length', (vector) => {
    for (let byteCount = 0; byteCount < vector.payload.length; byteCount += 1) {
      const cut = vector.payload.slice(0, byteCount)
      expect([byteCount, outcomeOf(cut)]).toEqual([byteCount, expectedOutcome(vector, byteCount)])
    }
  })

  it.each(messageVectors.filter(hasFixedEnd))('refuses $title followed by a byte', (vector) => {
    expect(outcomeOf(Uint8Array.of(...vector.payload, 0))).toBe('MALFORMED_MESSAGE')
  })

  it.each(messageVectors.filter(hasString))('refuses $title with an absurd length', (vector) => {
    const lengthOffset = vector.message.type === 'extendedData' ? 9 : 5
    for (const length of ['ffffffff', '80000000', '7fffffff', '00010000']) {
      const payload = Uint8Array.from(vector.payload)
      payload.set(hex(length), lengthOffset)
      expect(outcomeOf(payload)).toBe('MALFORMED_MESSAGE')
    }
  })

  it('refuses an empty payload and every message number that is not of an open channel', () => {
    expect(outcomeOf(hex(''))).toBe('MALFORMED_MESSAGE')
    const accepted = Array.from({ length: 256 }, (_, number) => number).filter(
      (number) => recipientChannelOf(Uint8Array.of(number, 0, 0, 0, 1)) !== undefined,
    )
    expect(accepted).toEqual([93, 94, 95, 96, 97, 98, 99, 100])
    for (const number of [0, 1, 80, 90, 91, 92, 101, 192, 255]) {
      expect(outcomeOf(Uint8Array.of(number, 0, 0, 0, 1))).toBe('MALFORMED_MESSAGE')
    }
  })

  it('names the message and the field that is wrong', () => {
    const cutData = () => decodeChannelMessage(hex('5e 00000001 00000005 4142'))
    expect(messageThrownBy(cutData)).toContain('CHANNEL_DATA is malformed: data needs 5 bytes, 2')
    const cutResize = hex(`62 00000003 0000000d ${ascii('window-change')} 00 00000050 0000`)
    expect(messageThrownBy(() => decodeChannelMessage(cutResize))).toContain(
      'CHANNEL_REQUEST window-change is malformed: rows needs 4 bytes, 2',
    )
    const longEof = () => decodeChannelMessage(hex('60 00000001 0000'))
    expect(messageThrownBy(longEof)).toContain('CHANNEL_EOF is malformed: 2 bytes follow')
    const opened = () => decodeChannelMessage(hex('5a 00000001'))
    expect(messageThrownBy(opened)).toContain('message number 90')
  })

  it('gives data as a view of the payload, and what a request carries as a copy', () => {
    const data = hex('5e 00000001 00000002 4142')
    const exec = hex(`62 00000001 00000004 ${ascii('exec')} 00 00000002 4142`)
    const unknown = hex('62 00000001 00000001 78 00 4142')
    const decoded = [data, exec, unknown].map((payload) => decodeChannelMessage(payload).message)
    for (const payload of [data, exec, unknown]) payload.fill(0)
    expect(decoded.map(carriedBytes)).toEqual([hex('0000'), hex('4142'), hex('4142')])
  })

  it('copies what a request carries out of a Node Buffer too', () => {
    const payload = Buffer.from(hex(`62 00000001 00000004 ${ascii('exec')} 00 00000002 4142`))
    const { message } = decodeChannelMessage(payload)
    payload.fill(0)
    expect(carriedBytes(message)).toEqual(hex('4142'))
  })

  it('takes any byte but 0 as true (RFC 4251 section 5)', () => {
    const payload = (wantsReply: string) =>
      hex(`62 00000001 00000005 ${ascii('shell')} ${wantsReply}`)
    const decoded = ['00', '01', 'ff'].map((flag) => decodeChannelMessage(payload(flag)).message)
    expect(decoded).toEqual(
      [false, true, true].map((wantsReply) => ({
        type: 'request',
        request: { name: 'shell' },
        wantsReply,
      })),
    )
  })

  it('keeps a byte order mark and turns what is not UTF-8 into U+FFFD', () => {
    const payload = hex(`62 00000001 00000004 ${ascii('exec')} 00 00000005 efbbbf 41 80`)
    expect(decodeChannelMessage(payload).message).toMatchObject({
      request: { command: '\ufeffA\ufffd', commandBytes: hex('efbbbf4180') },
    })
  })

  it('refuses a pty-req whose last terminal mode is cut short', () => {
    const payload = hex(
      `62 00000003 00000007 ${ascii('pty-req')} 01 00000000
       00000050 00000018 00000000 00000000 00000004 35 000000`,
    )
    expect(outcomeOf(payload)).toBe('MALFORMED_MESSAGE')
    expect(messageThrownBy(() => decodeChannelMessage(payload))).toContain('opcode 53')
  })
})

describe('recipientChannelOf', () => {
  it.each(messageVectors)('reads the channel of $title', ({ payload, recipientChannel }) => {
    expect(recipientChannelOf(payload)).toBe(recipientChannel)
  })

  it('reads the channel of a message that is cut short behind it', () => {
    expect(recipientChannelOf(hex('5e 80000001'))).toBe(0x80000001)
  })

  it('is undefined below 5 bytes', () => {
    for (const digits of ['', '5e', '5e00', '5e000000']) {
      expect(recipientChannelOf(hex(digits))).toBeUndefined()
    }
  })
})

function outcomeOf(payload: Uint8Array): unknown {
  return codeThrownBy(() => decodeChannelMessage(payload))
}

function expectedOutcome(vector: MessageVector, byteCount: number): string {
  const shortest = vector.shortestWholeByteCount ?? vector.payload.length
  return byteCount < shortest ? 'MALFORMED_MESSAGE' : 'returned'
}

function hasFixedEnd(vector: MessageVector): boolean {
  return vector.shortestWholeByteCount === undefined
}

function hasString(vector: MessageVector): boolean {
  return ['data', 'extendedData', 'request'].includes(vector.message.type)
}

function carriedBytes(message: ChannelMessage): Uint8Array | undefined {
  if (message.type === 'data') return message.bytes
  if (message.type !== 'request') return undefined
  if (message.request.name === 'exec') return message.request.commandBytes
  return message.request.name === 'unknown' ? message.request.data : undefined
}
