import { encodeUtf8 } from '../platform/text'

/**
 * Where the input of a process comes from: bytes that are asked for, piece by piece, so that a slow reader slows it.
 */
export interface ByteSource {
  /** The next bytes, `undefined` at the end. Not called again before it has settled. Rejects where the source fails. */
  read(): Promise<Uint8Array | undefined>
  /** Nobody reads any more: frees what the source holds. Never throws; a `read` under way may stay unanswered. */
  cancel(): void
}

/** A source of bytes that are there already; text is UTF-8. */
export function fromBytes(data: string | Uint8Array): ByteSource {
  return fromAsyncIterable([data])
}

/**
 * A source of what an iterable gives, such as an async generator; text is UTF-8. The next value is asked for when the
 * last one was taken; `cancel` calls `return` of the iterator.
 */
export function fromAsyncIterable(
  iterable: AsyncIterable<string | Uint8Array> | Iterable<string | Uint8Array>,
): ByteSource {
  let iterator: Iteration | undefined
  const begin = (): Iteration =>
    (iterator ??=
      Symbol.asyncIterator in iterable
        ? iterable[Symbol.asyncIterator]()
        : iterable[Symbol.iterator]())
  return {
    read: async () => {
      const next = await begin().next()
      if (next.done === true) return undefined
      return typeof next.value === 'string' ? encodeUtf8(next.value) : next.value
    },
    cancel: () => void close(begin()),
  }
}

type Iteration = AsyncIterator<string | Uint8Array> | Iterator<string | Uint8Array>

/** Whatever an iterator says to its end comes too late for anybody. */
async function close(iterator: Iteration): Promise<void> {
  try {
    await iterator.return?.()
  } catch {
    return
  }
}

/** The bytes of a source as an async iterable; leaving the loop cancels the source. For one loop. */
export function iterableOf(source: ByteSource): AsyncIterable<Uint8Array> {
  return { [Symbol.asyncIterator]: () => iteratorOf(source) }
}

function iteratorOf(source: ByteSource): AsyncIterator<Uint8Array, undefined> {
  return {
    next: async () => {
      const value = await source.read()
      return value === undefined ? { done: true, value } : { done: false, value }
    },
    return: () => {
      source.cancel()
      return Promise.resolve({ done: true, value: undefined })
    },
  }
}
