import type { ByteSink } from '@hawse/core'

/** Takes bytes for good; a promise asks to wait before the next, as a `ByteSink` does. */
export type TakeBytes = (bytes: Uint8Array) => Promise<void> | undefined

/** Longest line that is kept together, in bytes. */
const maximumLineBytes = 64 * 1024

const newline = 0x0a

/**
 * A sink that passes on whole lines, each with a prefix, those of a piece as one piece, so that nothing comes between. A
 * last line without an end gets one, and a line of more than 64 KiB is cut into several. The bytes of a line are as they came.
 */
export function lineSink(prefix: Uint8Array, take: TakeBytes, closed?: Promise<void>): ByteSink {
  let pending: Buffer = Buffer.alloc(0)
  const write = (piece: Uint8Array): Promise<void> | undefined => {
    const bytes = Buffer.concat([pending, piece])
    const lines = linesIn(bytes)
    pending = bytes.subarray(lines.restAt)
    return lines.ends.length === 0 ? undefined : take(prefixed(prefix, bytes, lines))
  }
  const end = (): Promise<void> | undefined => {
    const last = pending
    pending = Buffer.alloc(0)
    if (last.length === 0) return undefined
    return take(prefixed(prefix, last, { starts: [0], ends: [last.length] }))
  }
  // What came is shown, though it is not all.
  const sink = { write, end, abort: () => void end()?.catch(() => undefined) }
  return closed === undefined ? sink : { ...sink, closed }
}

/** Where lines begin and end, their newlines left out: numbers, for there may be a line for every byte. */
interface Lines {
  readonly starts: readonly number[]
  readonly ends: readonly number[]
}

/** The lines that are whole or too long, and where what follows them begins. */
function linesIn(bytes: Buffer): Lines & { readonly restAt: number } {
  const [starts, ends]: [number[], number[]] = [[], []]
  let restAt = 0
  for (;;) {
    const newlineAt = bytes.indexOf(newline, restAt)
    const isLong = (newlineAt < 0 ? bytes.length : newlineAt) - restAt > maximumLineBytes
    if (newlineAt < 0 && !isLong) return { starts, ends, restAt }
    const end = isLong ? restAt + maximumLineBytes : newlineAt
    starts.push(restAt)
    ends.push(end)
    restAt = isLong ? end : end + 1
  }
}

function prefixed(prefix: Uint8Array, bytes: Buffer, { starts, ends }: Lines): Buffer {
  const lengthOf = (index: number): number => (ends[index] ?? 0) - (starts[index] ?? 0)
  const byteCount = ends.reduce((sum, _, index) => sum + prefix.length + lengthOf(index) + 1, 0)
  const result = Buffer.allocUnsafe(byteCount)
  let at = 0
  for (const [index, end] of ends.entries()) {
    result.set(prefix, at)
    at += prefix.length
    at += bytes.copy(result, at, starts[index], end)
    result[at] = newline
    at += 1
  }
  return result
}
