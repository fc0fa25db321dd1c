import { formatListenAddress, parseKey, parseListenAddress, StartError } from '@hawse/example-kit'
import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { parseAuthorizedKeys } from '../src/authorized-keys'

const numRuns = 2_000 * Number(process.env['HAWSE_FUZZ_RUNS'] ?? 1)

const address = fc.oneof(
  fc.tuple(fc.ipV4(), fc.nat(99_999)).map(([host, port]) => `${host}:${port}`),
  fc.tuple(fc.ipV6(), fc.nat(99_999)).map(([host, port]) => `[${host}]:${port}`),
  fc
    .array(fc.constantFrom('[', ']', ':', '::1', '0', '65535', '65536', 'localhost', ' ', '\n'))
    .map((pieces) => pieces.join('')),
  fc.string({ unit: 'binary', maxLength: 30 }),
)

const type = fc.constantFrom('ssh-ed25519', 'ssh-rsa', 'ecdsa-sha2-nistp256', 'ssh-dss', '')
const keyText = fc
  .tuple(type, type, fc.uint8Array({ maxLength: 120 }))
  .map(([name, inner, rest]) => {
    const length = Buffer.alloc(4)
    length.writeUInt32BE(inner.length)
    const blob = Buffer.concat([length, Buffer.from(inner), rest])
    return `${name} ${blob.toString('base64')}`
  })

describe('parsers of the example given any text', () => {
  it('read an address that is written as it is read, or say what is wrong with it', () => {
    fc.assert(
      fc.property(address, (text) => {
        let read
        try {
          read = parseListenAddress(text)
        } catch (error) {
          expect(error).toBeInstanceOf(StartError)
          return
        }
        expect(read.port).toBeLessThanOrEqual(65_535)
        expect(parseListenAddress(formatListenAddress(read))).toEqual(read)
      }),
      { numRuns },
    )
  })

  it('give a key or an error for any blob, and throw nothing', () => {
    fc.assert(
      fc.property(fc.oneof(keyText, fc.string({ maxLength: 200 })), (text) => {
        const key = parseKey(text)
        if (!(key instanceof Error)) expect(parseKey(text)).not.toBeInstanceOf(Error)
      }),
      { numRuns },
    )
  })

  it('take each line of a file of keys, or warn of it, or skip it', () => {
    const options = fc.constantFrom(
      '',
      'restrict ',
      'command="a\\"b" ',
      'from="10.0.0.0/8",',
      '"',
      '# ',
    )
    const line = fc.oneof(
      fc.tuple(options, keyText).map((pieces) => pieces.join('')),
      fc.string({ unit: 'binary', maxLength: 60 }),
    )
    fc.assert(
      fc.property(fc.array(line, { maxLength: 8 }), (lines) => {
        const text = lines.join('\n')
        const { keys, warnings } = parseAuthorizedKeys(text, 'file')
        expect(keys.length + warnings.length).toBeLessThanOrEqual(text.split('\n').length)
      }),
      { numRuns },
    )
  })
})
