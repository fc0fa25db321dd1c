import { describe, expect, it } from '@jest/globals'
import { printable } from '../src/printable'

describe('printable', () => {
  it('leaves nothing in a line of the log that steers a terminal, or fills it', () => {
    expect(printable('a\x1b[2Jb\n\x9bü\u202e')).toBe('a?[2Jb??ü?')
    expect(printable('x'.repeat(1_000))).toHaveLength(300)
  })
})
