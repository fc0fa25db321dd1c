import { Observable, ReplaySubject, Subject } from 'rxjs'

/** The writing end of a port's `event$`. */
export interface EventSource<Event> {
  /** Hot. What is emitted before the first subscription is kept and delivered to it, in order. */
  readonly event$: Observable<Event>
  /** Emits one event; ignored after `complete`. */
  emit(event: Event): void
  /** Ends the stream. */
  complete(): void
}

/** Makes the event stream of a port: lossless before its first subscriber, and hot afterwards. */
export function createEventSource<Event>(): EventSource<Event> {
  const live = new Subject<Event>()
  let early: ReplaySubject<Event> | undefined = new ReplaySubject<Event>()
  const event$ = new Observable<Event>((subscriber) => {
    const kept = early
    early = undefined
    kept?.subscribe((event) => subscriber.next(event)).unsubscribe()
    return live.subscribe(subscriber)
  })
  return {
    event$,
    emit: (event) => (early ?? live).next(event),
    complete: () => live.complete(),
  }
}
