import type { SessionOptions } from '@hawse/core'

/** What all clients together may take up: a host for a team, not for the whole world. */
export const gateLimits = {
  maximumConnections: 200,
  maximumUnauthenticated: 20,
  loginGraceMs: 30_000,
} as const

/** What one client may: git opens one session on a connection, and a shared connection a few. */
export const connectionLimits = { maximumSessions: 5, maximumSessionsPerSecond: 10 } as const

/** Agents offer many keys. */
export const loginLimits = { maximumFailures: 10 } as const

/** Milliseconds that clients have, after the last session, to close their connections. */
export const farewellMs = 2_000

/** How sessions run: no terminal, no signals, and nothing that git has no use for. */
export const sessionOptions: SessionOptions = {
  acceptEnv: ['GIT_PROTOCOL'],
  acceptsTerminal: false,
  signals: [],
  maximumCommandBytes: 4_096,
  // A git that works in silence sends a byte every few seconds: `uploadpack.keepAlive`, `receive.keepAlive`.
  timeLimits: { idleMs: 600_000 },
  terminateDelayMs: 1_000,
  killDelayMs: 1_000,
}
