import { usageError } from '@hawse/example-kit'

/** Options about how much clients may take up. */
export interface LimitOptions {
  readonly maximumConnections: number
  /** Connections that have not logged in. */
  readonly maximumUnauthenticated: number
  /** From the connection to the login. */
  readonly loginGraceMs: number
  /** Failed attempts to log in, per connection. */
  readonly maximumFailures: number
  /** Sessions open at once, per connection. */
  readonly maximumSessions: number
  /** `Infinity`: what the transport carries. */
  readonly maximumCommandBytes: number
}

/** Their part of the command line. */
export const limitOptionTable = {
  'max-connections': { type: 'string' },
  'max-unauthenticated': { type: 'string' },
  'login-grace': { type: 'string' },
  'max-auth-tries': { type: 'string' },
  'max-sessions': { type: 'string' },
  'max-command-bytes': { type: 'string' },
} as const

/** Reads their part of the command line; throws a `StartError` that names the option and what it takes. */
export function parseLimitOptions(
  values: Readonly<Partial<Record<keyof typeof limitOptionTable, string>>>,
): LimitOptions {
  const read = (name: keyof typeof limitOptionTable, without: number): number =>
    parseLimit(name, values[name], without)
  return {
    maximumConnections: read('max-connections', 1_000),
    maximumUnauthenticated: read('max-unauthenticated', 100),
    loginGraceMs: read('login-grace', 120) * 1_000,
    maximumFailures: read('max-auth-tries', 6),
    maximumSessions: read('max-sessions', 10),
    maximumCommandBytes: read('max-command-bytes', Infinity),
  }
}

function parseLimit(name: string, text: string | undefined, without: number): number {
  if (text === undefined) return without
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text)
  throw usageError(`--${name} ${text}: expected a whole number, 1 or more`)
}
