import type { HandlerInput } from '@hawse/core'

/** The input of a program, which what was typed waits in: lines, and the end. */
export class InputQueue implements HandlerInput {
  readonly #taken: (byteCount: number) => void
  #pieces: Uint8Array[] = []
  #isEnded = false
  #wake: () => void = () => undefined

  /** `taken` is told of each piece that the program takes, in bytes. */
  constructor(taken: (byteCount: number) => void) {
    this.#taken = taken
  }

  push(bytes: Uint8Array): void {
    this.#pieces.push(bytes)
    this.#wake()
  }

  flush(): void {
    this.#pieces = []
  }

  end(): void {
    this.#isEnded = true
    this.#wake()
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array, undefined> {
    for (;;) {
      const piece = this.#pieces.shift()
      if (piece === undefined && this.#isEnded) return
      if (piece === undefined) await new Promise<void>((resolve) => (this.#wake = resolve))
      else {
        this.#taken(piece.length)
        yield piece
      }
    }
  }

  async text(): Promise<string> {
    const pieces: Uint8Array[] = []
    for await (const piece of this) pieces.push(piece)
    return Buffer.concat(pieces).toString()
  }
}
