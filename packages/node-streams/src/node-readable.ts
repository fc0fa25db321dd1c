import { Readable } from 'node:stream'
import { fromAsyncIterable, iterableOf, type ByteSource } from '@hawse/core'

/**
 * A source of what a Node stream gives: a file, a socket, a request, `process.stdin`. Text is taken as UTF-8. A stream
 * that errors is a failed source. When nobody reads any more the stream is destroyed, as `pipeline` of Node does.
 */
export function fromNodeReadable(readable: Readable): ByteSource {
  // An error before the first read is told by that read, and must not end the program.
  readable.on('error', () => undefined)
  const source = fromAsyncIterable(readable as AsyncIterable<string | Uint8Array>)
  return { read: () => source.read(), cancel: () => void readable.destroy() }
}

/**
 * A Node stream of what a source gives, such as `stream(process).source`. It asks for no more than its own buffer
 * holds; destroying it cancels the source.
 */
export function nodeReadableOf(source: ByteSource): Readable {
  return Readable.from(iterableOf(source), { objectMode: false })
}
