/** Adds up the time during which something was so. */
export class Stopwatch {
  #elapsedMs = 0
  #sinceMs: number | undefined
  readonly #nowMs: () => number

  constructor(nowMs: () => number) {
    this.#nowMs = nowMs
  }

  /** Says whether it is so from now on. */
  set(isSo: boolean): void {
    if (isSo === (this.#sinceMs !== undefined)) return
    this.#elapsedMs = this.readMs()
    this.#sinceMs = isSo ? this.#nowMs() : undefined
  }

  readMs(): number {
    return this.#elapsedMs + (this.#sinceMs === undefined ? 0 : this.#nowMs() - this.#sinceMs)
  }
}
