import type { ByteSink } from './byte-sink'

/**
 * A sink that keeps what it gets, up to a limit in bytes. The first byte beyond is told once; that and all after it is
 * not kept. Short pieces cost no more than long ones, and the memory of a piece is not held.
 */
export class GatheredBytes implements ByteSink {
  #memory = new Uint8Array(0)
  #length = 0
  #isFull = false
  readonly #maximumBytes: number
  readonly #exceeded: () => void

  constructor(maximumBytes: number, exceeded: () => void) {
    this.#maximumBytes = maximumBytes
    this.#exceeded = exceeded
  }

  write(bytes: Uint8Array): undefined {
    const room = this.#maximumBytes - this.#length
    this.#append(bytes.length > room ? bytes.subarray(0, room) : bytes)
    if (bytes.length <= room || this.#isFull) return
    this.#isFull = true
    this.#exceeded()
  }

  end(): undefined {
    return undefined
  }

  abort(): void {
    // What was gathered stays: it belongs into the error.
  }

  /** What was kept. */
  bytes(): Uint8Array {
    return this.#memory.subarray(0, this.#length)
  }

  /** Forgets what was kept, for the next use. */
  clear(): void {
    this.#length = 0
  }

  #append(bytes: Uint8Array): void {
    const wantedLength = this.#length + bytes.length
    if (wantedLength > this.#memory.length) this.#grow(wantedLength)
    this.#memory.set(bytes, this.#length)
    this.#length = wantedLength
  }

  #grow(wantedLength: number): void {
    const capacity = Math.min(Math.max(wantedLength, 2 * this.#memory.length), this.#maximumBytes)
    const memory = new Uint8Array(capacity)
    memory.set(this.#memory.subarray(0, this.#length))
    this.#memory = memory
  }
}
