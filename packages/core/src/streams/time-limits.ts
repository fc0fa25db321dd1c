import { timer, type SchedulerLike, type Subscription } from 'rxjs'
import type { SessionEvent, SessionInput } from '../session/session-event'

/** Limits on the time a session takes, in milliseconds. */
export interface TimeLimits {
  /** Longest time without a byte in either direction. */
  readonly idleMs?: number
  /** Longest time from the channel's opening. */
  readonly maximumMs?: number
  /** How long before `maximumMs` the user is warned by a line on stderr. */
  readonly warningMs?: number
}

/** A running watch over the time limits of one session. */
export interface TimeWatch {
  /** Notes an event; bytes in either direction count as activity. */
  note(event: SessionEvent): void
  /** Forgets all timers. */
  stop(): void
}

/** Watches the limits, and tells the session to warn the user or to end. */
export function watchTime(
  limits: TimeLimits,
  scheduler: SchedulerLike,
  tell: (input: SessionInput) => void,
): TimeWatch {
  let activeAtMs = scheduler.now()
  const subscriptions: Subscription[] = []
  const after = (delayMs: number, act: () => void): void => {
    subscriptions.push(timer(delayMs, scheduler).subscribe(act))
  }
  const { idleMs, maximumMs, warningMs } = limits
  const end = (reason: string): void => tell({ type: 'session.end', endedBy: 'timeout', reason })

  const checkIdle = (limitMs: number): void => {
    const leftMs = activeAtMs + limitMs - scheduler.now()
    if (leftMs > 0) after(leftMs, () => checkIdle(limitMs))
    else end(`session ended: idle for ${seconds(limitMs)}`)
  }
  if (idleMs !== undefined) checkIdle(idleMs)
  if (maximumMs !== undefined) {
    after(maximumMs, () => end(`session ended: it reached its limit of ${seconds(maximumMs)}`))
    if (warningMs !== undefined && warningMs < maximumMs) {
      const message = `session ends in ${seconds(warningMs)}`
      after(maximumMs - warningMs, () => tell({ type: 'session.warn', message }))
    }
  }
  return {
    note: (event) => {
      if (isActivity(event)) activeAtMs = scheduler.now()
    },
    stop: () => subscriptions.forEach((subscription) => subscription.unsubscribe()),
  }
}

function isActivity(event: SessionEvent): boolean {
  return (
    event.type === 'channel.dataReceived' ||
    event.type === 'process.output' ||
    event.type === 'session.write'
  )
}

/** A time in words. */
export function seconds(milliseconds: number): string {
  return `${String(milliseconds / 1000)} s`
}
