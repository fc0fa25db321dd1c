import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { splitCommand } from '../../src/handler/split-command'
import { fuzzRuns } from './mutated'

const piece = fc.oneof(
  fc.constantFrom("'", '"', '\\', ' ', '\t', '\n', '$', '`', "'\\''", '""', '\0', '\u2028'),
  fc.string({ unit: 'binary', maxLength: 4 }),
)
const command = fc.array(piece, { maxLength: 40 }).map((pieces) => pieces.join(''))

const quoted = (word: string): string => `'${word.replaceAll("'", `'\\''`)}'`

describe('splitCommand given any text', () => {
  it('gives words which, quoted, give the same words', () => {
    fc.assert(
      fc.property(command, (text) => {
        const words = splitCommand(text)
        expect(splitCommand(words.map(quoted).join(' '))).toEqual(words)
      }),
      fuzzRuns(2_000),
    )
  })

  it('invents no character', () => {
    fc.assert(
      fc.property(command, (text) => {
        const left = Array.from(text)
        for (const character of splitCommand(text).join('')) {
          const found = left.indexOf(character)
          expect(found).not.toBe(-1)
          left.splice(0, found + 1)
        }
      }),
      fuzzRuns(2_000),
    )
  })

  it.each(["'", '"', '\\', ' ', 'a', '"\\', `"'`, "''", 'a '])(
    'takes a million bytes of %j',
    (unit) => {
      const text = unit.repeat(1_000_000 / unit.length)
      expect(splitCommand(text).join('').length).toBeLessThanOrEqual(text.length)
      expect(splitCommand(`"${text}`).join('').length).toBeLessThanOrEqual(text.length)
    },
  )
})
