import { ssh2Sessions } from '@hawse/adapter-ssh2'
import type { ChannelPort } from '@hawse/core'
import type { AuthContext, Connection, ParsedKey } from 'ssh2'
import { isAccepted, type LoginAttempt } from './authentication'
import type { Log } from './log'
import { fingerprint } from './public-key'
import { reasonOf } from './start-error'

/** What a connection is served by. */
export interface ConnectionService {
  readonly user: string
  /** The keys that are let in at this moment. */
  readonly authorizedKeys: () => readonly ParsedKey[]
  readonly onSession: (channel: ChannelPort) => void
  readonly log: Log
}

/** Lets a client in, or not, and hands over its sessions. What it does wrong ends its connection only. */
export function serveConnection(client: Connection, service: ConnectionService): void {
  // Without a listener, an 'error' of one client would end the process.
  client.on('error', (error) => service.log(`connection failed: ${describe(error)}`))
  client.on('authentication', (attempt) => answer(attempt, service))
  ssh2Sessions(client).subscribe({
    next: service.onSession,
    error: (error: unknown) => {
      service.log(`sessions cannot be served: ${reasonOf(error)}`)
      client.end()
    },
  })
}

function answer(attempt: AuthContext, { user, authorizedKeys, log }: ConnectionService): void {
  if (!isAccepted(attemptOf(attempt), user, authorizedKeys())) return attempt.reject(['publickey'])
  if (attempt.method === 'publickey' && attempt.signature !== undefined) {
    log(`let in by key ${fingerprint(attempt.key.data)}`)
  }
  attempt.accept()
}

function attemptOf(attempt: AuthContext): LoginAttempt {
  if (attempt.method !== 'publickey') return { username: attempt.username, method: attempt.method }
  return {
    username: attempt.username,
    method: attempt.method,
    key: attempt.key,
    blob: attempt.blob,
    signature: attempt.signature,
    hashAlgo: attempt.hashAlgo,
  }
}

/** ssh2 gives its own errors a level; without one, the text was written by the client. */
function describe(error: Error & { readonly level?: string }): string {
  return error.level === undefined
    ? 'the client disconnected'
    : `${reasonOf(error)} (${error.level})`
}
