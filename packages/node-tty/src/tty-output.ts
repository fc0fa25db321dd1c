import { clearLine, clearScreenDown, cursorTo, moveCursor, type Direction } from 'node:readline'
import { Writable } from 'node:stream'
import { WriteStream } from 'node:tty'
import type { HandlerOutput, TerminalSize } from '@hawse/core'

/** What a `TtyOutput` is made of. */
export interface TtyOutputOptions {
  readonly output: HandlerOutput
  readonly size: TerminalSize
  /** The variables that tell what the terminal can show: TERM, COLORTERM. */
  readonly env: Readonly<Record<string, string>>
  /** What output becomes on the terminal. */
  readonly translate: (bytes: Uint8Array) => Uint8Array
}

/**
 * An output of a terminal, as `process.stdout` is on one (`tty.WriteStream`). Emits 'resize' when the client's window
 * has a new size. A slow client slows it: `write` returns false, and 'drain' comes when the client has taken it.
 */
export class TtyOutput extends Writable {
  readonly isTTY = true
  /** Width in character cells. */
  columns: number
  /** Height in character cells. */
  rows: number
  readonly #options: TtyOutputOptions
  /** What the client has not taken. */
  #waitingBytes = 0
  /** Whether 'drain' is owed. */
  #isAwaited = false

  constructor(options: TtyOutputOptions) {
    super()
    this.#options = options
    this.columns = options.size.columns || defaultSize.columns
    this.rows = options.size.rows || defaultSize.rows
  }

  override write(chunk: unknown, ...rest: unknown[]): boolean {
    const isTaken = (super.write as (...args: unknown[]) => boolean)(chunk, ...rest)
    this.#isAwaited ||= this.#waitingBytes >= this.writableHighWaterMark
    return isTaken && !this.#isAwaited
  }

  getWindowSize(): [columns: number, rows: number] {
    return [this.columns, this.rows]
  }

  /** Bits of colour: 1, 4, 8 or 24, as the client's TERM and COLORTERM say. */
  getColorDepth(env: Readonly<Record<string, string>> = this.#options.env): number {
    return WriteStream.prototype.getColorDepth.call(this as never, env)
  }

  /** Whether it shows so many colours, 16 by default. */
  hasColors(count = 16, env: Readonly<Record<string, string>> = this.#options.env): boolean {
    return count <= 2 ** this.getColorDepth(env)
  }

  cursorTo(x: number, y?: number, callback?: () => void): boolean {
    return cursorTo(this, x, y, callback)
  }

  moveCursor(dx: number, dy: number, callback?: () => void): boolean {
    return moveCursor(this, dx, dy, callback)
  }

  clearLine(direction: Direction, callback?: () => void): boolean {
    return clearLine(this, direction, callback)
  }

  clearScreenDown(callback?: () => void): boolean {
    return clearScreenDown(this, callback)
  }

  /** The client's window has a new size. */
  resize({ columns, rows }: TerminalSize): void {
    if (columns === this.columns && rows === this.rows) return
    this.columns = columns || this.columns
    this.rows = rows || this.rows
    this.emit('resize')
  }

  /**
   * Passes all on at once, so that nothing is left where the program ends; false asks the writer to wait for 'drain'. One
   * that does not wait is ended in the end, as `maximumWaitingBytes` of `handler` says.
   */
  override _write(chunk: Buffer, _encoding: BufferEncoding, callback: () => void): void {
    const { output, translate } = this.#options
    this.#waitingBytes += chunk.length
    const settle = (): void => this.#settle(chunk.length)
    // As on a terminal that was hung up: what is written is lost, and that is no error of who writes.
    output.write(translate(chunk)).then(settle, settle)
    callback()
  }

  #settle(byteCount: number): void {
    this.#waitingBytes -= byteCount
    if (this.#waitingBytes > 0 || !this.#isAwaited) return
    this.#isAwaited = false
    this.emit('drain')
  }
}

/** What clients mean that give no size. */
const defaultSize = { columns: 80, rows: 24 }
