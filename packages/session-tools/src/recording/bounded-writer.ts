import type { ByteSink } from '@hawse/core'
import { tellSafely } from '../tell-safely'

/** Writes to a sink without ever making its caller wait: what the sink has not taken is held, up to a bound. */
export class BoundedWriter {
  /** Resolves when the sink has everything, or has failed. Never rejects. */
  readonly finished: Promise<void>
  #waitingBytes = 0
  #waiting: Uint8Array[] = []
  #phase: 'writing' | 'ending' | 'over' = 'writing'
  #isBusy = false
  #settle: () => void = () => undefined
  readonly #sink: ByteSink
  readonly #maximumWaitingBytes: number
  readonly #failed: (error: unknown) => void

  /** `failed` is told the first error of the sink, once; after it nothing is written. */
  constructor(sink: ByteSink, maximumWaitingBytes: number, failed: (error: unknown) => void) {
    this.#sink = sink
    this.#maximumWaitingBytes = maximumWaitingBytes
    this.#failed = failed
    this.finished = new Promise((resolve) => (this.#settle = resolve))
    sink.closed?.then(
      () => this.#fail(new Error('nobody reads this recording any more')),
      (error: unknown) => this.#fail(error),
    )
  }

  /** Whether the sink is still written to. */
  get isOpen(): boolean {
    return this.#phase === 'writing'
  }

  /** Whether so many bytes more may wait; one piece may always, however long it is. */
  hasRoomFor(byteCount: number): boolean {
    if (!this.isOpen) return false
    return this.#waitingBytes === 0 || this.#waitingBytes + byteCount <= this.#maximumWaitingBytes
  }

  /** Writes bytes behind what waits. */
  write(bytes: Uint8Array): void {
    if (!this.isOpen) return
    this.#waiting.push(bytes)
    this.#waitingBytes += bytes.length
    void this.#flow()
  }

  /** Ends the sink behind what waits. */
  end(): void {
    if (!this.isOpen) return
    this.#phase = 'ending'
    void this.#flow()
  }

  async #flow(): Promise<void> {
    if (this.#isBusy) return
    this.#isBusy = true
    try {
      for (let next = this.#waiting[0]; next !== undefined; next = this.#waiting[0]) {
        const taken = this.#sink.write(next)
        if (taken !== undefined) await taken
        this.#waiting.shift()
        this.#waitingBytes -= next.length
      }
      if (this.#phase === 'ending') await this.#end()
    } catch (error) {
      this.#fail(error)
    } finally {
      this.#isBusy = false
    }
  }

  async #end(): Promise<void> {
    await this.#sink.end()
    this.#phase = 'over'
    this.#settle()
  }

  #fail(error: unknown): void {
    if (this.#phase === 'over') return
    this.#phase = 'over'
    this.#waiting = []
    tellSafely(() => this.#sink.abort(error))
    this.#settle()
    this.#failed(error)
  }
}
