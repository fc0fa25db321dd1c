import { sessionGroup, sessionLog, type Session, type SessionLogEntry } from '@hawse/core'
import type { EventLog, SessionEntry } from './log'

/** The sessions of a server, from start to end. */
export interface RunningSessions {
  /** Keeps a session of the connection with this number. */
  add(session: Session, connection: number): void
  /**
   * Warns users and waits, where there is a time of grace; then ends all sessions, and those that come later.
   * Resolves when those there are have ended, or will not.
   */
  endAll(graceMs: number): Promise<void>
}

/**
 * Longest time from the hang-up of a session, in milliseconds: its delays before SIGTERM and SIGKILL, and time to die.
 * One that takes longer ends with its connection.
 */
const limitMs = 6_000

/** Keeps sessions, gives each a number, and logs what happens to them. */
export function createRunningSessions(log: EventLog, nextNumber: () => number): RunningSessions {
  const group = sessionGroup()
  return {
    add: (session, connection) => {
      const number = nextNumber()
      sessionLog(session).subscribe((entry) => {
        for (const logged of entriesOf(entry)) log({ connection, session: number, ...logged })
      })
      group.add(session)
    },
    endAll: async (graceMs) => {
      log({ event: 'server.closing', sessions: group.size, graceMs })
      log({ event: 'server.closed', ...(await group.close({ graceMs, limitMs })) })
    },
  }
}

type Unnumbered<Entry> = Entry extends unknown ? Omit<Entry, 'connection' | 'session'> : never

/** Requests are not logged: a client may send as many as it likes. */
function entriesOf(entry: SessionLogEntry): readonly Unnumbered<SessionEntry>[] {
  switch (entry.type) {
    case 'requested':
      return []
    case 'started': {
      const { program, hasTerminal } = entry
      return [{ event: 'session.started', program, hasTerminal }]
    }
    case 'warned':
      return [{ event: 'session.warned', message: entry.message }]
    case 'signaled': {
      const { signal, isByClient } = entry
      // As many as it likes, too.
      return isByClient ? [] : [{ event: 'session.signaled', signal }]
    }
    case 'ended':
      return [endedEntry(entry)]
  }
}

type Ended = Extract<SessionLogEntry, { readonly type: 'ended' }>

function endedEntry(ended: Ended): Unnumbered<SessionEntry> {
  const { endedBy, isOutputTruncated, durationMs, traffic } = ended
  const exit = exitMembers(ended.exit)
  return { event: 'session.ended', endedBy, ...exit, isOutputTruncated, durationMs, ...traffic }
}

function exitMembers(exit: Ended['exit']) {
  switch (exit?.kind) {
    case undefined:
      return { exit: 'none' } as const
    case 'exited':
      return { exit: 'code', exitCode: exit.code } as const
    case 'signaled':
      return { exit: 'signal', exitSignal: exit.signal } as const
    case 'unreported':
    case 'lost':
      return { exit: exit.kind } as const
  }
}
