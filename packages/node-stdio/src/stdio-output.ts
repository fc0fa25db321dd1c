import type { Writable } from 'node:stream'

/** What becomes of what is written. */
export interface OutputListener {
  /** The stream has taken this many bytes. */
  readonly written: (byteCount: number) => void
  /** This many bytes are lost, or given up. */
  readonly dropped: (byteCount: number) => void
  /** Nobody reads any more. Once. */
  readonly broken: () => void
}

/** Writes to a stream of this process, which is left open. */
export interface StdioOutput {
  /** Writes bytes; the memory may be used again at once. */
  write(bytes: Uint8Array): void
  /** Gives up what waits. A stream gives nothing back, so it may still show some of it. */
  drop(): void
  /** Calls back once nothing waits any more, maybe at once. */
  whenFlushed(callback: () => void): void
  /** Lets go of the stream. */
  stop(): void
}

/** Writes to a stream, and tells what it took. A reader that has gone ends nothing here: it is told. */
export function stdioOutput(stream: Writable, listener: OutputListener): StdioOutput {
  return new StreamOutput(stream, listener)
}

class StreamOutput implements StdioOutput {
  readonly #stream: Writable
  readonly #listener: OutputListener
  /** Writes that the stream has not taken, in bytes by write. */
  readonly #waiting = new Map<symbol, number>()
  #isBroken = false
  #flushed: () => void = () => undefined

  constructor(stream: Writable, listener: OutputListener) {
    this.#stream = stream
    this.#listener = listener
    stream.on('error', this.#fail)
  }

  write(bytes: Uint8Array): void {
    if (!this.#stream.writable) this.#fail()
    if (this.#isBroken) return this.#listener.dropped(bytes.length)
    const write = Symbol('write')
    this.#waiting.set(write, bytes.length)
    this.#stream.write(Buffer.from(bytes), (error) => this.#settle(write, error instanceof Error))
  }

  drop(): void {
    const waitingBytes = [...this.#waiting.values()].reduce((sum, byteCount) => sum + byteCount, 0)
    this.#waiting.clear()
    if (waitingBytes > 0) this.#listener.dropped(waitingBytes)
    this.#flushed()
  }

  whenFlushed(callback: () => void): void {
    this.#flushed = callback
    if (this.#waiting.size === 0) callback()
  }

  stop(): void {
    this.#stream.off('error', this.#fail)
  }

  readonly #fail = (): void => {
    if (this.#isBroken) return
    this.#isBroken = true
    this.#listener.broken()
  }

  #settle(write: symbol, isLost: boolean): void {
    const byteCount = this.#waiting.get(write)
    if (byteCount === undefined) return
    this.#waiting.delete(write)
    if (isLost) this.#fail()
    if (isLost) this.#listener.dropped(byteCount)
    else this.#listener.written(byteCount)
    if (this.#waiting.size === 0) this.#flushed()
  }
}
