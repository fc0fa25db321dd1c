import type { Readable } from 'node:stream'

/** Bytes that may be read and not yet be consumed: twice what a pipe holds. */
const windowBytes = 128 * 1024

/** Where input goes. */
export interface InputListener {
  readonly read: (bytes: Uint8Array) => void
  /** Once: the stream ended, or failed, which is all the same to who reads it. */
  readonly ended: () => void
}

/** Reads a stream on credit. */
export interface StdioInput {
  /** Begins to read. */
  open(): void
  /** This many bytes were consumed. */
  grant(byteCount: number): void
  /** Reads no more, and lets go of the stream: it is left open, and does not keep this process alive. */
  stop(): void
}

/** Reads a stream only as far as what was read before is consumed. Nothing is read before `open`. */
export function stdioInput(stdin: Readable, listener: InputListener): StdioInput {
  return new StreamInput(stdin, listener)
}

class StreamInput implements StdioInput {
  readonly #stdin: Readable
  readonly #listener: InputListener
  #phase: 'waiting' | 'open' | 'over' = 'waiting'
  #creditBytes = windowBytes
  #isReading = false

  constructor(stdin: Readable, listener: InputListener) {
    this.#stdin = stdin
    this.#listener = listener
  }

  open(): void {
    if (this.#phase !== 'waiting') return
    this.#phase = 'open'
    for (const name of endings) this.#stdin.on(name, this.#end)
    this.#stdin.on('readable', this.#read)
    // One that has ended or failed before says so no more.
    if (this.#stdin.readableEnded || this.#stdin.destroyed) this.#end()
    else this.#read()
  }

  grant(byteCount: number): void {
    this.#creditBytes += byteCount
    this.#read()
  }

  stop(): void {
    if (this.#phase === 'open') this.#letGo()
    this.#phase = 'over'
  }

  /** What is told may grant more at once; that is read by the same loop, so that order is kept. */
  readonly #read = (): void => {
    if (this.#isReading) return
    this.#isReading = true
    while (this.#phase === 'open' && this.#creditBytes > 0) {
      const piece = this.#stdin.read() as Buffer | string | null
      if (piece === null) break
      const bytes = Buffer.from(piece as string)
      this.#creditBytes -= bytes.length
      this.#listener.read(bytes)
    }
    this.#isReading = false
  }

  readonly #end = (): void => {
    if (this.#phase !== 'open') return
    this.stop()
    this.#listener.ended()
  }

  #letGo(): void {
    for (const name of endings) this.#stdin.off(name, this.#end)
    this.#stdin.off('readable', this.#read).pause()
    // A terminal, a pipe and a socket can be let go; a file does not keep a process alive.
    const { unref } = this.#stdin as { readonly unref?: () => void }
    unref?.call(this.#stdin)
  }
}

const endings = ['end', 'error', 'close'] as const
