/**
 * The time of `expiry-time` (sshd(8)): `YYYYMMDD`, `YYYYMMDDHHMM` or `YYYYMMDDHHMMSS`, of the system's time zone or,
 * with a `Z` behind it, of UTC. In milliseconds since 1970; `undefined` where it is none.
 */
export function parseExpiryTime(text: string): number | undefined {
  const [, ...parts] = /^(\d{4})(\d\d)(\d\d)(?:(\d\d)(\d\d)(\d\d)?)?(Z?)$/.exec(text) ?? []
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = parts.map(numberOf)
  const isInRange =
    month >= 1 && month <= 12 && day >= 1 && day <= 31 && hour <= 23 && minute <= 59 && second <= 60
  if (!isInRange || year < 1970) return undefined
  const isUtc = parts.at(-1) === 'Z'
  const timeMs = isUtc
    ? Date.UTC(year, month - 1, day, hour, minute, second)
    : new Date(year, month - 1, day, hour, minute, second).getTime()
  return timeMs > 0 ? timeMs : undefined
}

/** What is left out of a time is 0. */
function numberOf(part: string | undefined): number {
  return Number(part ?? 0)
}
