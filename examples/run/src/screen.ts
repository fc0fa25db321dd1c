import { createWriteStream, fstatSync } from 'node:fs'
import { Socket } from 'node:net'
import { clearScreenDown, cursorTo, moveCursor } from 'node:readline'
import type { Writable } from 'node:stream'
import { isatty, type WriteStream } from 'node:tty'

/** The outputs of this program, and rows that stay below what is written while stderr is a terminal. */
export interface Screen {
  readonly stdout: Writable
  readonly stderr: Writable
  readonly hasRows: boolean
  /** Rows that fit. */
  rowCount(): number
  /** Shows rows in place of those before, as many as fit; nothing where stderr is no terminal. */
  show(rows: readonly string[]): void
  /** To be called before something is written: takes the rows away, which would be in between. */
  makeRoom(): void
}

/** The screen of this process. */
export function openScreen(): Screen {
  const terminal = isatty(2) ? terminalOf(2) : undefined
  // One row is for the cursor below them: what has scrolled away cannot be taken away.
  const rowCount = (): number => Math.max(1, (terminal?.rows ?? 2) - 1)
  let shown = 0
  const makeRoom = (): void => {
    if (terminal === undefined || shown === 0) return
    // The terminal may have shown a ^C below them.
    cursorTo(terminal, 0)
    moveCursor(terminal, 0, -shown)
    clearScreenDown(terminal)
    shown = 0
  }
  const stdout = outputOf(1)
  return {
    stdout,
    // As one stream where they are one (`2>&1 | tee log`), so that no line gets into another.
    stderr: isOneFile() && !isatty(2) ? stdout : outputOf(2),
    hasRows: terminal !== undefined,
    rowCount,
    makeRoom,
    show: (rows) => {
      if (terminal === undefined) return
      makeRoom()
      const fitting = fit(rows, rowCount(), terminal.columns)
      terminal.write(fitting.map((row) => `${row}\n`).join(''))
      shown = fitting.length
    },
  }
}

/**
 * Node's own streams write to pipes and files in the turn of the caller, and a reader that rests would hold up
 * everything: signals, other hosts. So these are opened anew. A terminal keeps the order of its two outputs only in the
 * turn.
 */
function outputOf(descriptor: 1 | 2): Writable {
  const output = isatty(descriptor) ? terminalOf(descriptor) : openOutput(descriptor)
  // Every host may wait for it.
  output.setMaxListeners(0)
  output.on('error', () => undefined)
  return output
}

function isOneFile(): boolean {
  const [stdout, stderr] = [fstatSync(1), fstatSync(2)]
  return stdout.dev === stderr.dev && stdout.ino === stderr.ino
}

function openOutput(fd: number): Writable {
  const facts = fstatSync(fd)
  return facts.isFIFO() || facts.isSocket()
    ? new Socket({ fd, readable: false, writable: true })
    : createWriteStream('', { fd, autoClose: false })
}

/** To be asked for terminals only: Node opens its own stream when it is first asked for. */
function terminalOf(descriptor: 1 | 2): WriteStream {
  return descriptor === 1 ? process.stdout : process.stderr
}

/** No row may wrap. */
function fit(rows: readonly string[], rowCount: number, columns: number): readonly string[] {
  const hidden = rows.length - rowCount + 1
  const kept = hidden > 1 ? [...rows.slice(0, rowCount - 1), `... and ${hidden} more`] : rows
  return kept.map((row) => row.slice(0, Math.max(1, columns - 1)))
}
