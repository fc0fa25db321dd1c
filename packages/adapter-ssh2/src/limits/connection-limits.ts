import { HawseError } from '@hawse/core'

/** What one client may take up on one connection. */
export interface ConnectionLimits {
  /** Sessions open at once (MaxSessions of sshd); one more is refused, with a text that says so. */
  readonly maximumSessions: number
  /** Sessions opened in one second; one more is refused, with a text that says so. */
  readonly maximumSessionsPerSecond: number
  /**
   * Bytes that wait for a client that does not read, above which its connection is ended. Output stops at 256 KiB
   * and then waits in the sessions; only answers to what such a client goes on asking can come here.
   */
  readonly maximumUnreadBytes: number
  /** Hears one line about each refusal and each connection ended. */
  readonly onLimit: (reason: string) => void
}

/** sshd's number of sessions, and limits that no client of ours came near. */
export const defaultConnectionLimits: ConnectionLimits = {
  maximumSessions: 10,
  maximumSessionsPerSecond: 200,
  maximumUnreadBytes: 4 * 1024 * 1024,
  onLimit: () => undefined,
}

/** The limits with some of them changed; throws INVALID_ARGUMENT for a number that cannot work. */
export function changedLimits(
  limits: ConnectionLimits,
  changes: Partial<ConnectionLimits>,
): ConnectionLimits {
  const changed = { ...limits, ...changes }
  requirePositive('maximumSessions', changed.maximumSessions)
  requirePositive('maximumSessionsPerSecond', changed.maximumSessionsPerSecond)
  requirePositive('maximumUnreadBytes', changed.maximumUnreadBytes)
  return changed
}

/** Throws INVALID_ARGUMENT where a limit is not a number above 0; `Infinity` is none. */
export function requirePositive(name: string, value: number): void {
  if (value > 0) return
  throw new HawseError(
    'INVALID_ARGUMENT',
    `${name} is ${String(value)}; expected a number above 0, or Infinity for no limit`,
  )
}
