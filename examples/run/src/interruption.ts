import { BehaviorSubject, filter, fromEvent, map, merge, scan, take, type Observable } from 'rxjs'

/** How urgently the user wants an end: not, let the commands end, end them, give up. */
export type Urgency = 0 | 1 | 2 | 3

/** The wish of the user to come to an end, from signals to this program. */
export interface Interruption {
  readonly urgency$: Observable<Urgency>
  /** Aborted when nothing more shall be begun. */
  readonly begun: AbortSignal
  /** Aborted when what runs shall be ended, whether or not it wants. */
  readonly ending: AbortSignal
}

/** Each SIGINT makes it more urgent; SIGTERM and SIGHUP mean at once what the second SIGINT does. */
export function interruptionBySignals(): Interruption {
  const bySignal = merge(
    fromEvent(process, 'SIGINT').pipe(map(() => 1)),
    merge(fromEvent(process, 'SIGTERM'), fromEvent(process, 'SIGHUP')).pipe(map(() => 2)),
  )
  const urgency$ = new BehaviorSubject<Urgency>(0)
  bySignal
    .pipe(
      scan((urgency, step) => Math.min(3, Math.max(urgency + 1, step)) as Urgency, 0 as Urgency),
    )
    .subscribe(urgency$)
  return { urgency$, begun: abortedFrom(urgency$, 1), ending: abortedFrom(urgency$, 2) }
}

function abortedFrom(urgency$: Observable<Urgency>, urgency: Urgency): AbortSignal {
  const controller = new AbortController()
  const isReached = urgency$.pipe(
    filter((value) => value >= urgency),
    take(1),
  )
  isReached.subscribe(() => controller.abort('interrupted'))
  return controller.signal
}
