import type { RunningNodeServer } from '../servers/node-server'
import { connectRaw } from '../wire/raw-client'
import { clientSessions } from './client-sessions'
import { exactSessions } from './exact-sessions'
import { faultSessions } from './fault-sessions'
import { createRandom, type Random } from './random'
import { requireNoAccusation, sessionBoundMs, type SoakSession } from './soak-session'
import type { DisconnectPolicy } from './soak-server'

/** Sessions by name, with how many of each were run to their end. */
export type SessionCounts = Map<string, number>

/** How the sessions of one run go. */
export interface SoakRun {
  readonly server: RunningNodeServer
  readonly policy: DisconnectPolicy
  readonly seed: number
  readonly counts: SessionCounts
  /** Moment after which no session is begun, as of `performance.now()`. */
  readonly deadlineMs: number
  /** Told how many are done. */
  readonly onProgress: (sessionCount: number) => void
}

/** Sessions that share one connection. */
const sessionsPerConnection = 10

/** Runs sessions one after the other, several on each connection; gives how many. */
export async function runSerially(run: SoakRun, sessionCount: number): Promise<number> {
  let done = 0
  while (done < sessionCount && performance.now() < run.deadlineMs) {
    const batch = Math.min(sessionsPerConnection, sessionCount - done)
    await onOneConnection(run, done, batch, async (sessions) => {
      for (const session of sessions) await session()
    })
    done += batch
    run.onProgress(done)
  }
  return done
}

/** Runs sessions all at once, several on each connection. */
export async function runAtOnce(run: SoakRun, sessionCount: number): Promise<void> {
  const connections: Promise<void>[] = []
  for (let done = 0; done < sessionCount; done += sessionsPerConnection) {
    const batch = Math.min(sessionsPerConnection, sessionCount - done)
    connections.push(
      onOneConnection(run, done, batch, async (sessions) => {
        await Promise.all(sessions.map((session) => session()))
      }),
    )
  }
  await Promise.all(connections)
  run.onProgress(sessionCount)
}

async function onOneConnection(
  run: SoakRun,
  first: number,
  sessionCount: number,
  use: (sessions: readonly (() => Promise<void>)[]) => Promise<void>,
): Promise<void> {
  const { server, policy, seed, counts } = run
  const client = await connectRaw(server, { boundMs: sessionBoundMs })
  const sessions = Array.from({ length: sessionCount }, (_, index) => async () => {
    const sessionSeed = seed * 1_000_003 + first + index
    const random = createRandom(sessionSeed)
    const session = pickSession(random)
    await session.run({ server, policy, random, client }).catch((error: unknown) => {
      const place = `${session.name} (session ${first + index} of seed ${seed}, policy ${policy})`
      throw new Error(`${place}: ${String(error)}`, { cause: error })
    })
    counts.set(session.name, (counts.get(session.name) ?? 0) + 1)
  })
  try {
    await use(sessions)
    requireNoAccusation(client)
  } finally {
    await client.connection.end()
  }
}

/** The program `ssh` costs most of the time, and so comes seldom. */
function pickSession(random: Random): SoakSession {
  const kind = random.integer(1, 100)
  if (kind <= 4) return random.pick(clientSessions)
  return random.pick(kind <= 30 ? faultSessions : exactSessions)
}
