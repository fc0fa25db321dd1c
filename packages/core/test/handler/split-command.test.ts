import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { splitCommand } from '../../src'

describe('splitCommand', () => {
  it.each([
    ['', []],
    ['   ', []],
    ['ls', ['ls']],
    ['  ls   -l\tx\n', ['ls', '-l', 'x']],
    [`git-upload-pack 'a b/c.git'`, ['git-upload-pack', 'a b/c.git']],
    [`echo "a \\"b\\" \\$c \\d"`, ['echo', 'a "b" $c \\d']],
    [`echo 'don'\\''t'`, ['echo', "don't"]],
    [`a\\ b c`, ['a b', 'c']],
    [`""`, ['']],
    [`x''y`, ['xy']],
    [`"a`, ['a']],
    [`'a b`, ['a b']],
    [`"a\\\\"`, ['a\\']],
    [`"ends with \\""`, ['ends with "']],
    ['a\\', ['a']],
  ])('splits %j', (command, words) => {
    expect(splitCommand(command)).toEqual(words)
  })

  it('gives back any words that were single-quoted', () => {
    const quote = (word: string): string => `'${word.replaceAll("'", `'\\''`)}'`
    fc.assert(
      fc.property(fc.array(fc.string()), (words) => {
        expect(splitCommand(words.map(quote).join(' '))).toEqual(words)
      }),
    )
  })
})
