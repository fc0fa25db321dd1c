import { Observable, Subject } from 'rxjs'

/** The writing end of a port's `event$`. */
export interface EventSource<Event> {
  /** Hot. What is emitted before the first subscription is kept and delivered to it, in order. */
  readonly event$: Observable<Event>
  /** Emits one event; ignored after `complete`. */
  emit(event: Event): void
  /** Ends the stream. */
  complete(): void
}

/**
 * Makes the event stream of a port: lossless before its first subscriber, and hot afterwards.
 *
 * What is emitted while the first subscriber is told of earlier events joins their end: it is neither lost nor
 * told out of order.
 */
export function createEventSource<Event>(): EventSource<Event> {
  const live = new Subject<Event>()
  let early: Event[] | undefined = []
  let isTelling = false
  let isComplete = false
  const event$ = new Observable<Event>((subscriber) => {
    if (early !== undefined && !isTelling) {
      isTelling = true
      for (const event of early) subscriber.next(event)
      early = undefined
    }
    return live.subscribe(subscriber)
  })
  return {
    event$,
    emit: (event) => {
      if (!isComplete) early?.push(event)
      live.next(event)
    },
    complete: () => {
      isComplete = true
      live.complete()
    },
  }
}
