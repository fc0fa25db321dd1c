import type { ByteSink } from './byte-sink'
import type { ByteSource } from './byte-source'

/** What is used of a `ReadableStream` (Streams standard); those of Node and of browsers fit. */
export interface WebReadableLike {
  getReader(): {
    read(): Promise<
      | { readonly done: false; readonly value: Uint8Array }
      | { readonly done: true; readonly value?: Uint8Array | undefined }
    >
    cancel(reason?: unknown): Promise<unknown>
  }
}

/** What is used of a `WritableStream`; those of Node and of browsers fit. */
export interface WebWritableLike {
  getWriter(): {
    readonly closed: Promise<unknown>
    write(bytes: Uint8Array): Promise<unknown>
    close(): Promise<unknown>
    abort(reason?: unknown): Promise<unknown>
  }
}

/** A source of what a `ReadableStream` of bytes gives; it is locked from now on, and cancelled with the source. */
export function fromWebStream(readable: WebReadableLike): ByteSource {
  const reader = readable.getReader()
  return {
    read: async () => {
      const { done, value } = await reader.read()
      return done ? undefined : value
    },
    cancel: () => void reader.cancel().catch(() => undefined),
  }
}

/**
 * A sink that writes to a `WritableStream`, which is locked from now on, and closed with the output. Each piece waits
 * until the stream has written the last one. A stream that errors is a failed sink.
 */
export function toWebStream(writable: WebWritableLike): ByteSink {
  const writer = writable.getWriter()
  // It resolves when we close the stream, too: then nothing comes any more.
  const closed = writer.closed.then(() => undefined)
  closed.catch(() => undefined)
  return {
    write: (bytes) => writer.write(bytes).then(() => undefined),
    end: () => writer.close().then(() => undefined),
    abort: (reason) => void writer.abort(reason).catch(() => undefined),
    closed,
  }
}

/** The methods that `new ReadableStream(...)` wants. */
export interface WebUnderlyingSource {
  pull(controller: { enqueue(bytes: Uint8Array): void; close(): void }): Promise<void>
  cancel(): void
}

/** What makes a `ReadableStream` of a source: `new ReadableStream(webSourceOf(source))`. It asks when it is read. */
export function webSourceOf(source: ByteSource): WebUnderlyingSource {
  return {
    pull: async (controller) => {
      const bytes = await source.read()
      if (bytes === undefined) controller.close()
      else controller.enqueue(bytes)
    },
    cancel: () => source.cancel(),
  }
}
