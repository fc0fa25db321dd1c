/** Lets so many through at once, and as many again in each second after. */
export interface RateLimit {
  /** Takes one; false where there is none left. */
  take(perSecond: number): boolean
}

/** A full rate limit; `nowMs` is a clock that never goes back. */
export function createRateLimit(nowMs: () => number): RateLimit {
  let left = Infinity
  let countedAtMs = nowMs()
  return {
    take: (perSecond) => {
      const now = nowMs()
      left = Math.min(perSecond, left + ((now - countedAtMs) / 1000) * perSecond)
      countedAtMs = now
      if (left < 1) return false
      left -= 1
      return true
    },
  }
}
