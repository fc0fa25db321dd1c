import { limitAuthentication, ssh2Sessions } from '@hawse/adapter-ssh2'
import type { ChannelPort } from '@hawse/core'
import { fingerprint, loginAttemptOf, reasonOf } from '@hawse/example-kit'
import type { AuthContext, Connection } from 'ssh2'
import { acceptedKey } from './authentication'
import type { AuthorizedKey } from './authorized-keys'
import type { KeyOptions } from './key-options'
import type { LimitOptions } from './limit-options'
import type { LoginEntry } from './log'

/** What a connection is served by. */
export interface ConnectionService {
  readonly user: string
  /** The keys that are let in at this moment. */
  readonly authorizedKeys: () => readonly AuthorizedKey[]
  readonly clientAddress: string
  /** A session, and what the key that let its connection in allows. */
  readonly onSession: (channel: ChannelPort, allowed: KeyOptions) => void
  readonly onLogin: (login: LoginEntry) => void
  readonly onFailure: (reason: string) => void
  readonly limits: LimitOptions
  /** Something was one too many. */
  readonly onLimit: (reason: string) => void
}

/** Lets a client in, or not, and hands over its sessions. What it does wrong ends its connection only. */
export function serveConnection(client: Connection, service: ConnectionService): void {
  // Without a listener, an 'error' of one client would end the process.
  client.on('error', (error) => service.onFailure(describe(error)))
  const { limits, onLimit } = service
  limitAuthentication(client, { maximumFailures: limits.maximumFailures, onLimit })
  let allowed: KeyOptions | undefined
  client.on('authentication', (attempt) => {
    allowed = answer(attempt, service)
  })
  ssh2Sessions(client, { maximumSessions: limits.maximumSessions, onLimit }).subscribe({
    next: (channel) => {
      if (allowed !== undefined) service.onSession(channel, allowed)
    },
    error: (error: unknown) => {
      service.onFailure(`sessions cannot be served: ${reasonOf(error)}`)
      client.end()
    },
  })
}

/** Answers an attempt; gives what the key allows once it has let the client in. */
function answer(attempt: AuthContext, service: ConnectionService): KeyOptions | undefined {
  const { user, authorizedKeys, clientAddress, onLogin } = service
  const circumstances = { clientAddress, nowMs: Date.now() }
  const accepted = acceptedKey(loginAttemptOf(attempt), user, authorizedKeys(), circumstances)
  if (accepted === undefined) {
    // Every client asks first which methods there are, by the method `none`.
    if (attempt.method !== 'none') onLogin({ event: 'login.refused', ...describeAttempt(attempt) })
    attempt.reject(['publickey'])
    return undefined
  }
  attempt.accept()
  if (isQuestion(attempt)) return undefined
  onLogin({ event: 'login.accepted', ...describeAttempt(attempt) })
  return accepted.options
}

/** A client may ask whether a key would do before it signs (RFC 4252 section 7). */
function isQuestion(attempt: AuthContext): boolean {
  return attempt.method === 'publickey' && attempt.signature === undefined
}

function describeAttempt(attempt: AuthContext): Omit<LoginEntry, 'event'> {
  const { username: user, method } = attempt
  return attempt.method === 'publickey'
    ? { user, method, key: fingerprint(attempt.key.data) }
    : { user, method }
}

/** ssh2 gives its own errors a level; without one, the text was written by the client. */
function describe(error: Error & { readonly level?: string }): string {
  return error.level === undefined
    ? 'the client disconnected'
    : `${reasonOf(error)} (${error.level})`
}
