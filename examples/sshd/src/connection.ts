import { ssh2Sessions } from '@hawse/adapter-ssh2'
import type { ChannelPort } from '@hawse/core'
import type { AuthContext, Connection, ParsedKey } from 'ssh2'
import { isAccepted, type LoginAttempt } from './authentication'
import type { LoginEntry } from './log'
import { fingerprint } from './public-key'
import { reasonOf } from './start-error'

/** What a connection is served by. */
export interface ConnectionService {
  readonly user: string
  /** The keys that are let in at this moment. */
  readonly authorizedKeys: () => readonly ParsedKey[]
  readonly onSession: (channel: ChannelPort) => void
  readonly onLogin: (login: LoginEntry) => void
  readonly onFailure: (reason: string) => void
}

/** Lets a client in, or not, and hands over its sessions. What it does wrong ends its connection only. */
export function serveConnection(client: Connection, service: ConnectionService): void {
  // Without a listener, an 'error' of one client would end the process.
  client.on('error', (error) => service.onFailure(describe(error)))
  client.on('authentication', (attempt) => answer(attempt, service))
  ssh2Sessions(client).subscribe({
    next: service.onSession,
    error: (error: unknown) => {
      service.onFailure(`sessions cannot be served: ${reasonOf(error)}`)
      client.end()
    },
  })
}

function answer(attempt: AuthContext, service: ConnectionService): void {
  const { user, authorizedKeys, onLogin } = service
  if (!isAccepted(attemptOf(attempt), user, authorizedKeys())) {
    // Every client asks first which methods there are, by the method `none`.
    if (attempt.method !== 'none') onLogin(loginEntry('login.refused', attempt))
    attempt.reject(['publickey'])
    return
  }
  const isQuestion = attempt.method === 'publickey' && attempt.signature === undefined
  if (!isQuestion) onLogin(loginEntry('login.accepted', attempt))
  attempt.accept()
}

function loginEntry(event: LoginEntry['event'], attempt: AuthContext): LoginEntry {
  const { username: user, method } = attempt
  if (attempt.method !== 'publickey') return { event, user, method }
  return { event, user, method, key: fingerprint(attempt.key.data) }
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
