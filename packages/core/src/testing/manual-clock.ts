import { VirtualAction, VirtualTimeScheduler, type SchedulerLike } from 'rxjs'

/** A clock that moves only when it is told to. */
export interface ManualClock {
  /** For the `scheduler` option of a session. */
  readonly scheduler: SchedulerLike
  /** Moves time forward, in milliseconds, and runs what falls due, in order. */
  advance(milliseconds: number): void
}

/** Makes a clock that stands at zero. */
export function manualClock(): ManualClock {
  const scheduler = new VirtualTimeScheduler(VirtualAction, 0)
  return {
    scheduler,
    advance: (milliseconds) => {
      const until = scheduler.frame + milliseconds
      scheduler.maxFrames = until
      scheduler.flush()
      scheduler.frame = until
    },
  }
}
