import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { parseExpiryTime } from '../src/expiry-time'
import { keyOptionsOf, noKeyOptions, parseKeyOptions } from '../src/key-options'

describe('parseKeyOptions', () => {
  it.each([
    ['', {}],
    ['no-pty', { permitsTerminal: false }],
    ['RESTRICT,Pty', { permitsTerminal: true }],
    ['command="a,b \\"c\\" \\d"', { forceCommand: 'a,b "c" \\d' }],
    ['from="a,b",command=""', { from: 'a,b', forceCommand: '' }],
    ['no-x11-forwarding,environment="A=b",verify-required', {}],
    ['expiry-time="19700103Z",expiry-time="19700102Z"', { expiresAtMs: 86_400_000 }],
  ])('reads %s', (text, options) => {
    expect(parseKeyOptions(text)).toEqual({ ...noKeyOptions, ...options })
  })

  it.each([
    ['tunnel="0"', 'the option tunnel= is not understood'],
    ['no-command', 'the option no-command is not understood'],
    ['command="a",command="a"', 'it has two commands'],
    ['from="a",from="a"', 'it has two lists of addresses'],
    ['environment="A"', 'its environment is not NAME=value'],
    ['expiry-time="x"', 'its expiry-time is not YYYYMMDD[HHMM[SS]][Z]'],
    ['pty pty', 'its options are malformed'],
  ])('refuses %s', (text, problem) => {
    expect(parseKeyOptions(text)).toContain(problem)
  })

  it('takes the options of a line up to the first blank outside quotes, and never less', () => {
    const value = fc.string({ unit: fc.constantFrom('"', '\\', ' ', ',', '=', 'a'), maxLength: 12 })
    fc.assert(
      // sshd has no way to write a value that ends with a backslash.
      fc.property(value, (command) => {
        fc.pre(!command.includes('\\'))
        const options = `restrict,command="${command.replaceAll('"', '\\"')}"`
        expect(keyOptionsOf(`${options} key`)).toBe(options)
        expect(parseKeyOptions(options)).toMatchObject({ forceCommand: command })
      }),
    )
    fc.assert(
      fc.property(value, (text) => {
        const options = keyOptionsOf(text)
        if (options === undefined) return
        const quotes = options.replaceAll('\\"', '').split('"').length - 1
        expect(quotes % 2).toBe(0)
        expect(text.slice(options.length)).toMatch(/^( |$)/)
      }),
    )
  })
})

describe('parseExpiryTime', () => {
  it.each([
    ['20260102Z', Date.UTC(2026, 0, 2)],
    ['202601020304Z', Date.UTC(2026, 0, 2, 3, 4)],
    ['20260102030405Z', Date.UTC(2026, 0, 2, 3, 4, 5)],
    ['20260102', new Date(2026, 0, 2).getTime()],
    ['202607020304', new Date(2026, 6, 2, 3, 4).getTime()],
    ['20260702030405', new Date(2026, 6, 2, 3, 4, 5).getTime()],
  ])('reads %s in UTC or the zone of the system', (text, timeMs) => {
    expect(parseExpiryTime(text)).toBe(timeMs)
  })

  it.each(['', '2026', '20260002', '20261301', '20260132', '202601022400', '202601020060'])(
    'refuses %j',
    (text) => {
      expect(parseExpiryTime(text)).toBeUndefined()
      expect(parseExpiryTime(`${text}Z`)).toBeUndefined()
    },
  )

  it.each(['20260102z', ' 20260102', '2026010203', '19700101Z', '20260102030461'])(
    'refuses %j, too',
    (text) => {
      expect(parseExpiryTime(text)).toBeUndefined()
    },
  )
})
