import { Subscription, timer, type SchedulerLike } from 'rxjs'

/**
 * A pace in bytes per second, with one second's worth at hand at the beginning: more than that, and the speaker waits
 * until what it said too early has become due.
 */
export class Pace {
  #allowedBytes: number
  #atMs: number
  #waiting = Subscription.EMPTY
  readonly #bytesPerSecond: number
  readonly #scheduler: SchedulerLike
  readonly #setWaiting: (isWaiting: boolean) => void

  constructor(
    bytesPerSecond: number,
    scheduler: SchedulerLike,
    setWaiting: (isWaiting: boolean) => void,
  ) {
    this.#bytesPerSecond = bytesPerSecond
    this.#scheduler = scheduler
    this.#setWaiting = setWaiting
    this.#allowedBytes = bytesPerSecond
    this.#atMs = scheduler.now()
  }

  /** Bytes were said. */
  spend(byteCount: number): void {
    const nowMs = this.#scheduler.now()
    const earnedBytes = (Math.max(0, nowMs - this.#atMs) / 1000) * this.#bytesPerSecond
    this.#atMs = nowMs
    this.#allowedBytes = Math.min(this.#allowedBytes + earnedBytes, this.#bytesPerSecond)
    this.#allowedBytes -= byteCount
    if (this.#allowedBytes < 0) this.#wait((-this.#allowedBytes / this.#bytesPerSecond) * 1000)
  }

  /** Forgets what waits. */
  stop(): void {
    this.#waiting.unsubscribe()
  }

  #wait(delayMs: number): void {
    this.#waiting.unsubscribe()
    this.#setWaiting(true)
    this.#waiting = timer(delayMs, this.#scheduler).subscribe(() => this.#setWaiting(false))
  }
}
