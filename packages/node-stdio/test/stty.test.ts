import { describe, expect, it } from '@jest/globals'
import { spawn } from '@lydell/node-pty'
import { parseTerminalModes } from '../src/stty'

/** Modes of every kind by opcode (RFC 4254 section 8), and the words by which `stty` sets them. */
const modes = new Map<number, readonly [value: number, words: string]>([
  [1, [3, 'intr ^C']],
  [2, [255, 'quit undef']],
  [3, [8, 'erase ^H']],
  [4, [64, 'kill @']],
  [5, [127, 'eof ^?']],
  [6, [200, 'eol 200']],
  [7, [255, 'eol2 ^-']],
  [12, [2, 'rprnt ^B']],
  [36, [0, '-icrnl']],
  [38, [1, 'ixon']],
  [42, [1, 'iutf8']],
  [51, [1, 'icanon']],
  [53, [0, '-echo']],
  [60, [0, '-echoctl']],
  [72, [0, '-onlcr']],
  [128, [9600, '9600']],
  [129, [9600, '9600']],
])

describe('the modes that stty prints', () => {
  it('are those that it set', async () => {
    const words = [...modes.values()].map(([, word]) => word).join(' ')
    const terminal = spawn('/bin/sh', ['-c', `stty ${words}; LC_ALL=C stty -a`], {})
    let printed = ''
    terminal.onData((text) => (printed += text))
    await new Promise((resolve) => terminal.onExit(resolve))
    const seen = parseTerminalModes(printed)
    expect([...modes.keys()].map((opcode) => [opcode, seen.get(opcode)])).toEqual(
      [...modes].map(([opcode, [value]]) => [opcode, value]),
    )
  })

  it('are none where nothing was printed', () => {
    expect(parseTerminalModes('')).toEqual(new Map())
  })
})
