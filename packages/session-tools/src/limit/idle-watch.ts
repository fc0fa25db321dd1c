import type { Subscription } from 'rxjs'
import { timer, type SchedulerLike } from 'rxjs'

/** Watches for a time in which nothing happens; time that is `held` does not count. */
export class IdleWatch {
  #activeAtMs: number
  #isHeld = false
  #waiting: Subscription
  readonly #idleMs: number
  readonly #scheduler: SchedulerLike
  readonly #expired: () => void

  constructor(idleMs: number, scheduler: SchedulerLike, expired: () => void) {
    this.#idleMs = idleMs
    this.#scheduler = scheduler
    this.#expired = expired
    this.#activeAtMs = scheduler.now()
    this.#waiting = this.#after(idleMs)
  }

  /** Something happened. */
  note(): void {
    this.#activeAtMs = this.#scheduler.now()
  }

  /** Whether time does not count from now on. */
  hold(isHeld: boolean): void {
    this.note()
    this.#isHeld = isHeld
  }

  stop(): void {
    this.#waiting.unsubscribe()
  }

  /** One timer at a time: bytes come far more often than it expires. */
  #check(): void {
    if (this.#isHeld) this.note()
    const leftMs = this.#activeAtMs + this.#idleMs - this.#scheduler.now()
    if (leftMs <= 0) this.#expired()
    else this.#waiting = this.#after(leftMs)
  }

  #after(delayMs: number): Subscription {
    return timer(delayMs, this.#scheduler).subscribe(() => this.#check())
  }
}
