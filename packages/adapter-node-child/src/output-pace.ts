/** Tells when an output is better read later: a program that writes line by line would cost a read for each line. */
export interface OutputPace {
  /** Notes a read at a time in milliseconds; true where the next one should wait for `restMs`. */
  note(byteCount: number, nowMs: number): boolean
  /** Somebody waits for an answer: reads are not put off until many have been short again. */
  hurry(): void
}

/** How long an output is left alone: 1 ms, which nobody notices and a pipe holds. */
export const restMs = 1

/** Short reads in a row, each within `restMs` of the one before, after which the output is left alone. */
const manyReads = 16
const shortReadBytes = 1024

/** What a rest must have gathered to be worth another: less, and the program is slow; more, and it is held up. */
const leastGatheredBytes = 256
const mostGatheredBytes = 32 * 1024

/** Makes the pace of one output. */
export function createOutputPace(): OutputPace {
  let shortReadCount = 0
  let isGathering = false
  let lastReadAtMs = -Infinity
  return {
    note: (byteCount, nowMs) => {
      const isSoon = nowMs - lastReadAtMs <= restMs
      lastReadAtMs = nowMs
      if (isGathering) {
        isGathering = byteCount >= leastGatheredBytes && byteCount < mostGatheredBytes
        return isGathering
      }
      shortReadCount = isSoon && byteCount < shortReadBytes ? shortReadCount + 1 : 0
      isGathering = shortReadCount >= manyReads
      if (isGathering) shortReadCount = 0
      return isGathering
    },
    hurry: () => {
      shortReadCount = 0
      isGathering = false
    },
  }
}
