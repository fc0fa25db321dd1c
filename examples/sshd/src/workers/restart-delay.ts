/** A worker that lived so long, in milliseconds, did not end because of its start. */
const stableMs = 60_000

/** Longest time without a worker that crashes again and again, in milliseconds. */
const longestDelayMs = 30_000

/**
 * How long to wait with the next worker: not at all after the first crash, and then 1 s, 2 s, 4 s and so on up to
 * 30 s, until one has lived for a minute.
 */
export function createRestartDelay(): (livedMs: number) => number {
  let crashes = 0
  return (livedMs) => {
    crashes = livedMs >= stableMs ? 1 : crashes + 1
    if (crashes === 1) return 0
    return Math.min(longestDelayMs, 1_000 * 2 ** (crashes - 2))
  }
}
