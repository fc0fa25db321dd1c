/** The signal names of RFC 4254 section 6.10, without `SIG`. */
export const rfcSignalNames: readonly string[] = [
  'ABRT',
  'ALRM',
  'FPE',
  'HUP',
  'ILL',
  'INT',
  'KILL',
  'PIPE',
  'QUIT',
  'SEGV',
  'TERM',
  'USR1',
  'USR2',
]

/** Whether a name, without `SIG`, is one of `rfcSignalNames`. */
export function isRfcSignalName(name: string): boolean {
  return rfcSignalNames.includes(name)
}

/**
 * The name that `exit-signal` carries (RFC 4254 section 6.10): RFC names as they are, others as `NAME@domain`.
 *
 * A leading `SIG` is taken off; a name that has its `@` already is left alone. What no SSH name may be (RFC 4250
 * section 4.6.1: empty, over 64 characters, not printable US-ASCII, with a comma) becomes `UNKNOWN@domain`.
 * Never throws; the domain is the caller's and is not checked.
 */
export function exitSignalName(signal: string, domain: string): string {
  const name = signal.includes('@') ? signal : withoutPrefix(signal)
  if (!sshName.test(name)) return `UNKNOWN@${domain}`
  return isRfcSignalName(name) || name.includes('@') ? name : `${name}@${domain}`
}

/**
 * The name, without `SIG`, of a signal number by a table such as Node's `os.constants.signals`.
 *
 * Where a number has several names (ABRT and IOT), an RFC name wins, then the first in the table. Numbers 34 to 64
 * that the table lacks are the real-time signals of Linux with glibc: `RTMIN`, `RTMIN+1` to `RTMIN+30`. Anything
 * else is `SIGNAL-` and the number. Never throws.
 */
export function signalNameOf(signal: number, table: Readonly<Record<string, number>>): string {
  const names = Object.keys(table).filter((key) => table[key] === signal)
  const known = names.map(withoutPrefix)
  return known.find(isRfcSignalName) ?? known[0] ?? unlistedName(signal)
}

/** Printable US-ASCII but the comma, which separates names in lists. */
const sshName = /^[!-+\--~]{1,64}$/

const firstRealTime = 34
const lastRealTime = 64

function withoutPrefix(name: string): string {
  return name.startsWith('SIG') ? name.slice(3) : name
}

function unlistedName(signal: number): string {
  const isRealTime = Number.isInteger(signal) && signal >= firstRealTime && signal <= lastRealTime
  if (!isRealTime) return `SIGNAL-${String(signal)}`
  return signal === firstRealTime ? 'RTMIN' : `RTMIN+${String(signal - firstRealTime)}`
}
