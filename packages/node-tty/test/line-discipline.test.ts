import fc from 'fast-check'
import { describe, expect, it } from '@jest/globals'
import { terminalModeNames, type TerminalModes } from '@hawse/core'
import { LineDiscipline, type DisciplineStep } from '../src/line-discipline/line-discipline'
import { terminalSettings } from '../src/line-discipline/terminal-settings'
import { typeOnRealTerminal, type Seen } from './real-terminal'

const opcodes = new Map([...terminalModeNames].map(([opcode, name]) => [name, opcode]))

/** Modes by their names; what is left out is as a Linux terminal has it. */
function modesOf(named: Readonly<Record<string, number>>): TerminalModes {
  return new Map(Object.entries(named).map(([name, value]) => [opcodes.get(name) ?? -1, value]))
}

/** The same bytes on a terminal of the kernel and through the line discipline. */
const cases: readonly (readonly [string, string, Readonly<Record<string, number>>])[] = [
  ['a line', 'hello\r', {}],
  ['a line that ends with a newline', 'hello\n', {}],
  ['backspace, also past the beginning', 'ab\x7f\x7f\x7fc\r', {}],
  ['another key for backspace', 'ab\bc\x7f\r', { VERASE: 8 }],
  ['a key that is none', 'ab\xff\x7f\r', { VERASE: 255 }],
  ['backspace over characters of several bytes', 'aé€😀\x7f\x7fb\r', { IUTF8: 1 }],
  ['backspace over their bytes', 'aé€\x7fb\r', { IUTF8: 0 }],
  ['backspace over control characters', 'a\x01\x02\x7fb\r', {}],
  ['backspace over control characters that are not shown', 'a\x01\x02\x7fb\r', { ECHOCTL: 0 }],
  ['backspace over tabs', 'a\tb\t\x7f\x7f\x7f\tc\r', {}],
  ['backspace over a tab behind control characters', '\x01\x02a\t\x7fb\r', {}],
  ['backspace that shows itself', 'abc\x7f\x7fd\r', { ECHOE: 0 }],
  ['the key that erases a line', 'one two\x15three\r', {}],
  ['the same, shown on a new line', 'one two\x15three\r', { ECHOKE: 0 }],
  ['the same, shown on the line', 'one two\x15three\r', { ECHOK: 0 }],
  ['the key that erases a line of tabs and control characters', 'a\tb\x01\x15c\r', {}],
  ['the key that erases a word', 'one two  \x17three_4-\x17\x17\r', {}],
  ['the key that erases a word of other letters', 'un été\x17a\r', { IUTF8: 1 }],
  ['the same, without its extension', 'one two\x17\r', { IEXTEN: 0 }],
  ['the key that takes the next as it is', 'a\x16\x7f\x16\x03\x16\n\x16\x16b\r', {}],
  ['the key that shows the line again', 'a\x01b\x12c\r', {}],
  ['no echo', 'secret\x7f\x15word\r', { ECHO: 0 }],
  ['no echo but of newlines', 'secret\r', { ECHO: 0, ECHONL: 1 }],
  ['an end of input on a line', 'abc\x04def\r', {}],
  ['other ends of lines', 'ab;cd,e\r', { VEOL: 59, VEOL2: 44 }],
  ['a return that is dropped', 'a\rb\n', { IGNCR: 1 }],
  ['a return that is kept', 'a\rb\n', { ICRNL: 0 }],
  ['a newline that becomes a return', 'a\nb\r', { INLCR: 1, ICRNL: 0, ICANON: 0 }],
  ['seven bits', 'h\xe1llo\r', { ISTRIP: 1 }],
  ['small letters', 'HELLO\r', { IUCLC: 1 }],
  ['output in capitals', 'hello\r', { OLCUC: 1 }],
  ['output without translation', 'a\rb\r', { OPOST: 0 }],
  ['newlines without return', 'a\rb\t\x7fc\r', { ONLCR: 0 }],
  ['newlines that return by themselves', 'a\rb\t\x7fc\r', { ONLCR: 0, ONLRET: 1 }],
  ['returns that are newlines', 'a\rb\r', { ICRNL: 0, ICANON: 0, OCRNL: 1 }],
  ['no return at the beginning', '\r\ra\r\n', { ICRNL: 0, ICANON: 0, ONOCR: 1, ECHOCTL: 0 }],
  ['keys one by one', 'ab\x7f\x15\x17\x16c\r', { ICANON: 0 }],
  ['keys one by one, raw', 'ab\x7f\x03\r\n', { ICANON: 0, ISIG: 0, ICRNL: 0, ECHO: 0, OPOST: 0 }],
  ['a line that is too long', `${'x'.repeat(5000)}y\r`, {}],
  ['no signals', 'a\x03\x1cb\r', { ISIG: 0 }],
]

/** Other kernels do some of it in another way. */
const describeOnLinux = process.platform === 'linux' ? describe : describe.skip

describeOnLinux('the line discipline, beside a terminal of the kernel', () => {
  it.each(cases)('%s', async (_, typed, modes) => {
    await compare(modesOf(modes), [typed])
  })

  it.each([
    ['interrupt', ['abc', '\x03', 'd\r'], {}],
    ['interrupt that keeps the line', ['abc', '\x03', 'd\r'], { NOFLSH: 1 }],
    ['interrupt that is not shown', ['abc', '\x03', 'd\r'], { ECHO: 0 }],
    ['another key for it', ['abc', '\x07', 'd\r'], { VINTR: 7 }],
    ['quit', ['abc', '\x1c', 'd\r'], {}],
    ['both, one by one', ['a', '\x03', 'b', '\x1c', 'c\r'], { ICANON: 0 }],
  ] as const)('the signal of %s', async (_, pieces, modes) => {
    await compare(modesOf(modes), pieces)
  })

  it('the end of input on an empty line', async () => {
    await compare(new Map(), ['abc\r'], '\x04')
  })

  it('whatever is typed, with whatever modes', async () => {
    const flags = Object.fromEntries(
      [
        'IUTF8',
        'ICRNL',
        'INLCR',
        'IGNCR',
        'ICANON',
        'IEXTEN',
        'ECHO',
        'ECHOE',
        'ECHOK',
        'ECHOKE',
        'ECHOCTL',
        'ECHONL',
        'OPOST',
        'ONLCR',
        'OCRNL',
        'ONOCR',
        'ONLRET',
      ].map((name) => [name, fc.nat(1)]),
    )
    const key = fc.constantFrom(
      'a',
      'b',
      ' ',
      '_',
      'é',
      '€',
      '\t',
      '\x7f',
      '\x15',
      '\x17',
      '\x16',
      '\x12',
      '\r',
      '\n',
      '\x01',
      '\x1b',
    )
    await fc.assert(
      fc.asyncProperty(fc.record(flags), fc.array(key, { maxLength: 30 }), async (modes, keys) => {
        await compare(modesOf(modes), [utf8(keys.join(''))])
      }),
      { numRuns: 60, seed: 20, endOnFailure: true },
    )
  }, 120_000)
})

/** What may be left is given: the next key as it is, and a line that has no end. */
const last = '\x16E\x04'

/** Types on both, and compares what is shown and what is read. */
async function compare(
  modes: TerminalModes,
  typed: readonly string[],
  closing = last,
): Promise<void> {
  const discipline = new LineDiscipline(terminalSettings(modes))
  const steps: DisciplineStep[] = []
  const typings = [...typed, closing].map((text) => {
    const bytes = bytesOf(text)
    steps.push(...discipline.receive(bytes))
    return { bytes, seen: seenOf(steps) }
  })
  expect(await typeOnRealTerminal(modes, typings)).toEqual(seenOf(steps))
}

function seenOf(steps: readonly DisciplineStep[]): Seen {
  const shown = steps.flatMap((step) => (step.type === 'echo' ? [latin1(step.bytes)] : []))
  return { shown: shown.join(''), read: steps.map(readOf).join('') }
}

function readOf(step: DisciplineStep): string {
  if (step.type === 'input') return latin1(step.bytes)
  if (step.type === 'end') return '<end>'
  return step.type === 'signal' ? `<${step.signal}>` : ''
}

/** Text as bytes: what is not latin1 as UTF-8. */
function bytesOf(text: string): Buffer {
  return /[\u0100-\uffff]/.test(text) ? Buffer.from(text) : Buffer.from(text, 'latin1')
}

function utf8(text: string): string {
  return Buffer.from(text).toString('latin1')
}

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('latin1')
}
