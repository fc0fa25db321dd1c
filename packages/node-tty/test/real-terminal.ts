import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { spawn } from '@lydell/node-pty'
import { makeTemporaryFolder, waitUntil } from '@hawse/conformance'
import { terminalModeNames, type TerminalModes } from '@hawse/core'

/** What is seen of a terminal: on the screen, and by the program in it. */
export interface Seen {
  /** Bytes that it shows, as latin1. */
  readonly shown: string
  /** Bytes that the program read, as latin1; signals and the end of input between them, as `<INT>` and `<end>`. */
  readonly read: string
}

/** Most time for the kernel to pass on some bytes, in milliseconds. */
const boundMs = 5_000

/** Bytes to type, and what is seen once they were. */
export interface Typing {
  readonly bytes: Buffer
  readonly seen: Seen
}

/** Types on a terminal of this machine's kernel; each piece once what was typed before is seen. Gives what is seen. */
export async function typeOnRealTerminal(
  modes: TerminalModes,
  typings: readonly Typing[],
): Promise<Seen> {
  const folder = await makeTemporaryFolder()
  const log = folder.file('log')
  const words = [...sttyWords(modes), '-ixon'].join(' ')
  const program = `stty ${words}; exec "$0" "$1" "$2"`
  const args = ['-c', program, process.execPath, join(__dirname, 'recorder.cjs'), log]
  const terminal = spawn('/bin/sh', args, { cols: 80, rows: 24, encoding: null })
  const shown: Buffer[] = []
  terminal.onData((bytes) => shown.push(bytes as unknown as Buffer))
  const read = (): string => (existsSync(log) ? readFileSync(log, 'latin1') : '')
  const seen = (): Seen => ({
    shown: Buffer.concat(shown).toString('latin1'),
    read: read().replace('<ready>', ''),
  })
  try {
    await waitUntil(
      () => read() === '<ready>',
      () => 'the program in the terminal should start',
    )
    for (const typing of typings) {
      terminal.write(typing.bytes as unknown as string)
      // One that is never seen shows itself in what is.
      await waitUntil(
        () => isDeepStrictEqual(seen(), typing.seen),
        () => '',
        boundMs,
      ).catch(() => undefined)
    }
    return seen()
  } finally {
    terminal.kill('SIGKILL')
    await folder.remove()
  }
}

/** Opcodes from 1 to 18 are control characters, the others flags (RFC 4254 section 8). */
function sttyWords(modes: TerminalModes): readonly string[] {
  return [...modes].map(([opcode, value]) => {
    const name = terminalModeNames.get(opcode) ?? ''
    const word = name === 'VREPRINT' ? 'rprnt' : name.replace(/^V/, '').toLowerCase()
    if (opcode >= 30) return value === 0 ? `-${word}` : word
    return `${word} ${value === 255 ? 'undef' : `0x${value.toString(16)}`}`
  })
}
