import { finished, Writable } from 'node:stream'
import { readerGone, type ByteSink } from '@hawse/core'

/** Choices for `toNodeWritable`. */
export interface NodeWritableOptions {
  /** Whether the stream stays open after the output, for others to write to, as `process.stdout` must; false by default. */
  readonly isKeptOpen?: boolean
}

/**
 * A sink that writes to a Node stream: a file, a socket, a response, `process.stdout`. The process waits while the
 * stream is full. The stream is ended with the output, and destroyed where not all of it came.
 *
 * A stream that errors is a failed sink, but for EPIPE: then its reader has gone, and the output is closed.
 */
export function toNodeWritable(
  writable: Writable,
  { isKeptOpen = false }: NodeWritableOptions = {},
): ByteSink {
  const { over, stopWatching } = watchEnd(writable)
  const untilFinished = async (): Promise<void> => {
    writable.end()
    if ((await over) === 'closedEarly') throw readerGone()
  }
  const untilWritten = (): Promise<void> =>
    new Promise((resolve, reject) => {
      over.then(() => reject(readerGone()), reject)
      writable.write(new Uint8Array(0), (error) => (error ? reject(error) : resolve()))
    })
  return {
    closed: closedEarly(over),
    write: (bytes) => (writable.write(bytes) ? undefined : untilDrained(writable, over)),
    end: async () => {
      if (isKeptOpen) await untilWritten()
      else await untilFinished()
      stopWatching()
    },
    abort: (reason) => {
      // An error that made this necessary may not have been emitted yet.
      if (isKeptOpen) setImmediate(stopWatching)
      else writable.destroy(reason instanceof Error ? reason : undefined)
    },
  }
}

/**
 * A Node stream that writes to a sink, such as that of a `bytePipe` whose source is the input of a process. It errors
 * with `OUTPUT_CLOSED` when nobody reads any more.
 */
export function nodeWritableOf(sink: ByteSink): Writable {
  const writable = new Writable({
    write: (bytes: Uint8Array, _encoding, callback) => {
      Promise.resolve(sink.write(bytes)).then(() => callback(), callback)
    },
    final: (callback) => {
      Promise.resolve(sink.end()).then(() => callback(), callback)
    },
    destroy: (error, callback) => {
      if (!writable.writableFinished) sink.abort(error ?? new Error('the stream was destroyed'))
      callback(error)
    },
  })
  sink.closed?.then(
    () => destroyUnfinished(writable, readerGone()),
    (error: unknown) => destroyUnfinished(writable, error as Error),
  )
  return writable
}

function destroyUnfinished(writable: Writable, error: Error): void {
  if (!writable.writableFinished) writable.destroy(error)
}

/** How a stream that was written to is over: everything was written, or it was closed before. */
type WritableEnd = 'finished' | 'closedEarly'

/** Watches a stream for its end, or its error; until then, its errors end no program. */
function watchEnd(writable: Writable): {
  readonly over: Promise<WritableEnd>
  readonly stopWatching: () => void
} {
  const ignoreError = (): void => undefined
  writable.on('error', ignoreError)
  let stopFinished: () => void = () => undefined
  const over = new Promise<WritableEnd>((resolve, reject) => {
    stopFinished = finished(writable, { readable: false }, (error) => {
      if (!error) resolve('finished')
      else if (isReaderGone(error)) resolve('closedEarly')
      else reject(error)
    })
  })
  over.catch(() => undefined)
  const stopWatching = (): void => {
    stopFinished()
    writable.removeListener('error', ignoreError)
  }
  return { over, stopWatching }
}

/** Destroyed by somebody, or a pipe or socket whose other end is gone. */
function isReaderGone({ code }: NodeJS.ErrnoException): boolean {
  return code === 'ERR_STREAM_PREMATURE_CLOSE' || code === 'EPIPE'
}

/** Resolves only where a stream was closed before its end. */
function closedEarly(over: Promise<WritableEnd>): Promise<void> {
  const closed = over.then((end) =>
    end === 'closedEarly' ? undefined : new Promise<undefined>(() => undefined),
  )
  closed.catch(() => undefined)
  return closed
}

async function untilDrained(writable: Writable, over: Promise<WritableEnd>): Promise<void> {
  let drained: () => void = () => undefined
  const drain = new Promise<'drained'>((resolve) => {
    drained = () => resolve('drained')
    writable.once('drain', drained)
  })
  try {
    if ((await Promise.race([drain, over])) !== 'drained') throw readerGone()
  } finally {
    writable.removeListener('drain', drained)
  }
}
