import { HawseError } from '../errors/hawse-error'

/**
 * Where the output of a process goes: bytes are handed over one piece at a time, and the next waits until the last was
 * taken, so that a slow taker slows the process.
 */
export interface ByteSink {
  /**
   * Takes bytes. `undefined` says that more may come at once; a promise resolves when more may come, and rejects where
   * the bytes cannot be taken: with `OUTPUT_CLOSED` where nobody reads any more, which is no failure of the sink.
   */
  write(bytes: Uint8Array): Promise<void> | undefined
  /** No more comes. Resolves when everything is where it belongs; rejects where it is not. Once. */
  end(): Promise<void> | undefined
  /** No more comes, and what came is not all: frees what the sink holds. Never throws. */
  abort(reason: unknown): void
  /** Resolves, without any `write`, when nobody reads any more; absent where that cannot be known. */
  readonly closed?: Promise<void>
}

/** A sink that takes everything and keeps nothing, as `/dev/null`. */
export function discard(): ByteSink {
  return { write: () => undefined, end: () => undefined, abort: () => undefined }
}

/** A sink that nobody reads: the output is closed at the start, and who writes to it gets SIGPIPE. Hangs up a terminal. */
export function closedSink(): ByteSink {
  return { ...discard(), write: () => Promise.reject(readerGone()), closed: Promise.resolve() }
}

/** Calls a function with each piece; where it returns a promise, the next piece waits for it. */
export function toFunction(take: (bytes: Uint8Array) => Promise<void> | void): ByteSink {
  return {
    write: (bytes) => {
      const taken = take(bytes)
      return taken instanceof Promise ? taken : undefined
    },
    end: () => undefined,
    abort: () => undefined,
  }
}

/** What a sink rejects with when its reader has gone. */
export function readerGone(): HawseError {
  return new HawseError('OUTPUT_CLOSED', 'nobody reads this output any more; stop writing to it')
}
