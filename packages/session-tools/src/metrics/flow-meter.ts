/** Bytes of one stream: how many, and how many of them are on their way. */
export interface StreamMetrics {
  /** Bytes so far: of the input, those the process took; of an output, those it wrote. */
  readonly bytes: number
  /** Bytes given to the taker and not yet taken. */
  readonly inFlightBytes: number
  /** The most that were in flight at once. */
  readonly highWaterBytes: number
}

/** Counts what is in flight on one stream. */
export class FlowMeter {
  #inFlightBytes = 0
  #highWaterBytes = 0

  give(byteCount: number): void {
    this.#inFlightBytes += byteCount
    this.#highWaterBytes = Math.max(this.#highWaterBytes, this.#inFlightBytes)
  }

  take(byteCount: number): void {
    this.#inFlightBytes -= Math.min(byteCount, this.#inFlightBytes)
  }

  /** Nothing of it will be taken any more. */
  drop(): void {
    this.#inFlightBytes = 0
  }

  get inFlightBytes(): number {
    return this.#inFlightBytes
  }

  read(bytes: number): StreamMetrics {
    return { bytes, inFlightBytes: this.#inFlightBytes, highWaterBytes: this.#highWaterBytes }
  }
}
