import type { Session, SessionOutcome } from '@hawse/core'
import type { Log } from './log'

/** The sessions of a server, from start to end. */
export interface RunningSessions {
  add(session: Session): void
  /** Ends all sessions, and those that come later; resolves when those there are have ended. */
  endAll(): Promise<void>
}

const shutdownReason = 'this server is shutting down'

/** Keeps sessions, and logs how each ended. */
export function createRunningSessions(log: Log): RunningSessions {
  const sessions = new Set<Session>()
  let isEnding = false
  return {
    add: (session) => {
      sessions.add(session)
      void session.outcome.then((outcome) => {
        sessions.delete(session)
        log(`session ended: ${describe(outcome)}`)
      })
      if (isEnding) void session.close(shutdownReason)
    },
    endAll: async () => {
      isEnding = true
      await Promise.all([...sessions].map((session) => session.close(shutdownReason)))
    },
  }
}

function describe({ endedBy, exit }: SessionOutcome): string {
  if (exit === null) return `no program, by ${endedBy}`
  if (exit.kind === 'exited') return `code ${exit.code}, by ${endedBy}`
  return exit.kind === 'signaled'
    ? `signal ${exit.signal}, by ${endedBy}`
    : `unreported, by ${endedBy}`
}
