import { decodeUtf8 } from '../platform/text'

/** The standard input of an in-process program: chunks as the client sent them, until its EOF. */
export interface HandlerInput extends AsyncIterable<Uint8Array> {
  /** Everything up to the end, as UTF-8. Held in memory: for input that is known to be small. */
  text(): Promise<string>
}

/** The other side of a `HandlerInput`: what the process port does with it. */
export interface InputControl {
  readonly input: HandlerInput
  push(bytes: Uint8Array): void
  /** No more comes; what is queued is still read. */
  end(): void
  /** No more comes, and what is queued is dropped. */
  cut(): void
}

/** Makes an input; `taken` is told of each chunk that the program took, in bytes. */
export function createInput(taken: (byteCount: number) => void): InputControl {
  let chunks: Uint8Array[] = []
  let isEnded = false
  let wake: () => void = () => undefined

  const take = async (): Promise<IteratorResult<Uint8Array, undefined>> => {
    while (chunks.length === 0 && !isEnded) await new Promise<void>((resolve) => (wake = resolve))
    const bytes = chunks.shift()
    if (bytes === undefined) return { done: true, value: undefined }
    taken(bytes.length)
    return { done: false, value: bytes }
  }
  const iterable: AsyncIterable<Uint8Array> = { [Symbol.asyncIterator]: () => ({ next: take }) }
  return {
    input: { ...iterable, text: () => textOf(iterable) },
    push: (bytes) => {
      chunks.push(bytes)
      wake()
    },
    end: () => {
      isEnded = true
      wake()
    },
    cut: () => {
      chunks = []
      isEnded = true
      wake()
    },
  }
}

async function textOf(chunks: AsyncIterable<Uint8Array>): Promise<string> {
  const parts: Uint8Array[] = []
  for await (const part of chunks) parts.push(part)
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let offset = 0
  for (const part of parts) {
    bytes.set(part, offset)
    offset += part.length
  }
  return decodeUtf8(bytes)
}
