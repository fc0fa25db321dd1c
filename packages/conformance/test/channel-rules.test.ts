import { describe, expect, it } from '@jest/globals'
import { brokenRule, type Allowance } from '../src/wire/channel-rules'
import { FieldReader, multiplePrecision } from '../src/wire/fields'
import { openGcm, openPlain, sealGcm, sealPlain } from '../src/wire/packet-cipher'
import { readMessage, type ReceivedMessage } from '../src/wire/received-message'
import { close, data, eof, exec, failure, request, success } from '../src/wire/raw-messages'

const message = (make: (channel: number) => Uint8Array): ReceivedMessage =>
  readMessage(Buffer.from(make(0)))
const report = message(request('exit-status', [Buffer.alloc(4)], false))

function allowance(...messages: readonly ReceivedMessage[]): Allowance {
  return { windowBytes: 3, maximumPacketBytes: 2, awaitedReplies: 0, messages }
}

describe('the rules by which a raw client accuses a server', () => {
  it.each([
    ['anything after CLOSE', [message(close)], message(success), 'SUCCESS after CLOSE'],
    ['data after EOF', [message(eof)], message(data('x')), 'DATA after EOF'],
    ['a second EOF', [message(eof)], message(eof), 'EOF after EOF'],
    ['data past the window', [], message(data('long')), '4 bytes of DATA at a window of 3'],
    ['a long packet', [], message(data('xyz')), '3 bytes of DATA in packets of at most 2'],
    ['a second report', [report], report, 'a second report, exit-status'],
    ['a reply to nothing', [], message(failure), 'FAILURE that nothing asked for'],
  ])('forbid %s', (_, before, next, broken) => {
    expect(brokenRule(allowance(...before), next)).toBe(broken)
  })

  it('allow what keeps to them', () => {
    const replied = { ...allowance(), awaitedReplies: 1 }
    expect(brokenRule(replied, message(success))).toBeUndefined()
    expect(brokenRule(allowance(message(data('x'))), message(data('xy')))).toBeUndefined()
    expect(brokenRule(allowance(message(eof)), report)).toBeUndefined()
  })
})

describe('packets of the raw client', () => {
  const key = { key: Buffer.alloc(16, 1), nonce: Buffer.alloc(12, 0xff) }
  const payloads = [exec('x')(0), data('y'.repeat(1000))(0), Buffer.alloc(0)]

  it.each([
    ['before the first keys', sealPlain, openPlain],
    ['with keys, also when the counter wraps', sealGcm(key), openGcm(key)],
  ])('come out as they went in %s', (_, seal, open) => {
    let waiting = Buffer.concat(payloads.map(seal))
    for (const payload of payloads) {
      expect(open(waiting.subarray(0, 3))).toBeUndefined()
      const packet = open(waiting)
      expect(packet?.payload.equals(payload)).toBe(true)
      waiting = waiting.subarray(packet?.byteCount)
    }
    expect(waiting).toHaveLength(0)
  })

  it('are refused when a bit was turned', () => {
    const packet = sealGcm(key)(exec('x')(0))
    packet.writeUInt8(packet.readUInt8(6) ^ 1, 6)
    expect(() => openGcm(key)(packet)).toThrow()
  })
})

describe('fields', () => {
  it('write numbers of any length without zeros in front, and with a sign', () => {
    expect(multiplePrecision(Buffer.of(0, 0, 5)).toString('hex')).toBe('0000000105')
    expect(multiplePrecision(Buffer.of(0x80)).toString('hex')).toBe('000000020080')
    expect(multiplePrecision(Buffer.of(0, 0)).toString('hex')).toBe('00000000')
  })

  it('are not read past their end', () => {
    expect(() => new FieldReader(Buffer.from('00000005aa', 'hex')).string()).toThrow('cut short')
  })
})
