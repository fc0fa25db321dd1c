import { Observable } from 'rxjs'
import type { ByteSource } from './byte-source'

/**
 * The bytes of a source as an observable, for one subscription; unsubscribing cancels the source.
 *
 * The next piece is asked for when the last emission has returned. RxJS knows no back-pressure: an operator that buffers
 * (`concatMap` with slow inner streams) takes all there is, and then it is memory that is slow. Where that matters, use
 * the source itself or `linesOf`.
 */
export function observableOf(source: ByteSource): Observable<Uint8Array> {
  return new Observable((subscriber) => {
    const flow = async (): Promise<void> => {
      while (!subscriber.closed) {
        const bytes = await source.read()
        if (bytes === undefined) subscriber.complete()
        else subscriber.next(bytes)
      }
    }
    flow().catch((error: unknown) => subscriber.error(error))
    return () => source.cancel()
  })
}
