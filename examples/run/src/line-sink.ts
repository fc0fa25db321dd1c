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
  const write = (bytes: Uint8Array): Promise<void> | undefined => {
    const [lines, rest] = split(Buffer.concat([pending, bytes]))
    pending = rest
    return lines.length === 0 ? undefined : take(prefixed(prefix, lines))
  }
  const end = (): Promise<void> | undefined => {
    const last = pending
    pending = Buffer.alloc(0)
    return last.length === 0 ? undefined : take(prefixed(prefix, [last]))
  }
  // What came is shown, though it is not all.
  const sink = { write, end, abort: () => void end()?.catch(() => undefined) }
  return closed === undefined ? sink : { ...sink, closed }
}

/** The lines that are whole, without their ends, and what follows them. */
function split(bytes: Buffer): readonly [readonly Buffer[], Buffer] {
  const lines: Buffer[] = []
  let start = 0
  for (;;) {
    const end = bytes.indexOf(newline, start)
    const isLong = (end < 0 ? bytes.length : end) - start > maximumLineBytes
    if (end < 0 && !isLong) return [lines, bytes.subarray(start)]
    const cut = isLong ? start + maximumLineBytes : end
    lines.push(bytes.subarray(start, cut))
    start = isLong ? cut : cut + 1
  }
}

function prefixed(prefix: Uint8Array, lines: readonly Buffer[]): Buffer {
  const end = Buffer.from([newline])
  return Buffer.concat(lines.flatMap((line) => [prefix, line, end]))
}
