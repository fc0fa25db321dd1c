import type { ReadStream, WriteStream } from 'node:tty'
import type { TerminalModes, TerminalRequest, TerminalSize } from '@hawse/core'
import { onExit } from 'signal-exit'
import { parseTerminalModes, stty } from './stty'

/** The terminal that this process sits on. */
export interface LocalTerminal {
  /** What it is, to be asked for at the other end: its kind, size and modes (RFC 4254 section 6.2). */
  request(): TerminalRequest
  /** Has it pass on every key as it is, and show every byte as it is. Restored on any exit but by SIGKILL. */
  enterRaw(): void
  /** Gives it back as it was. */
  restore(): void
}

/** As OpenSSH's client sets its terminal. Node's raw mode goes on to translate newlines, which full-screen programs do not want. */
const rawWords =
  'ignpar -istrip -inlcr -igncr -icrnl -ixon -ixany -ixoff -isig -icanon -iexten -echo -echoe -echok -echonl -opost min 1 time 0'

/** The terminal of `input`; its size is that of the first output that is a terminal too. */
export function localTerminal(
  input: ReadStream & { readonly fd: number },
  outputs: readonly WriteStream[],
): LocalTerminal {
  let restoreNow: (() => void) | undefined
  return {
    request: () => ({
      term: process.env['TERM'] ?? 'dumb',
      size: sizeOf(outputs),
      modes: modesOf(input),
    }),
    enterRaw: () => {
      if (restoreNow !== undefined) return
      const undo = makeRaw(input)
      const forget = onExit(undo)
      restoreNow = () => {
        forget()
        undo()
      }
    },
    restore: () => {
      restoreNow?.()
      restoreNow = undefined
    },
  }
}

/** Its size now, in character cells; 80 by 24 where no output is a terminal. */
export function sizeOf(outputs: readonly WriteStream[]): TerminalSize {
  const { columns = 80, rows = 24 } = outputs.find(({ isTTY }) => isTTY) ?? {}
  return { columns, rows, widthPixels: 0, heightPixels: 0 }
}

function modesOf(input: ReadStream & { readonly fd: number }): TerminalModes {
  return parseTerminalModes(stty(input, '-a'))
}

/** Sets the terminal raw, and gives what sets it back. Where there is no `stty`, Node's raw mode has to do. */
function makeRaw(input: ReadStream & { readonly fd: number }): () => void {
  const saved = stty(input, '-g').trim()
  if (saved === '') {
    input.setRawMode(true)
    return () => void input.setRawMode(false)
  }
  stty(input, ...rawWords.split(' '))
  return () => void stty(input, saved)
}
