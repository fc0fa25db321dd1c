import { connectionOf } from '../connection-of'
import { sendDisconnect } from '../send-message'
import type { Ssh2Connection } from '../ssh2-shapes'
import { requirePositive } from './connection-limits'

/** How often one client may try to log in. */
export interface AuthenticationLimits {
  /** Failed attempts after which the connection is ended (MaxAuthTries of sshd): 6. */
  readonly maximumFailures?: number
  /** Hears one line about each connection ended. */
  readonly onLimit?: (reason: string) => void
}

/** What the 'authentication' event of an ssh2 connection gives. */
export interface Ssh2Attempt {
  readonly method: string
  reject(...details: never[]): void
}

/** An ssh2 connection that asks who may log in. */
export type Ssh2Authenticating = Ssh2Connection & {
  prependListener(event: 'authentication', listener: (attempt: Ssh2Attempt) => void): unknown
}

/** Attempts of any outcome, questions about keys included, after which a connection is ended; sshd's number. */
const maximumAttempts = 1_024

/** SSH_DISCONNECT_PROTOCOL_ERROR (RFC 4253 section 11.1), which sshd gives. */
const protocolErrorCode = 2

const reason = 'Too many authentication failures'

/**
 * Ends a connection on which too many attempts to log in were rejected, with sshd's words.
 *
 * To be called in the 'connection' event: it counts what your listener for 'authentication' rejects. As with sshd, a first attempt by the method `none` is a question and not counted.
 * Throws INVALID_ARGUMENT and UNSUPPORTED_SSH2.
 */
export function limitAuthentication(
  client: Ssh2Authenticating,
  { maximumFailures = 6, onLimit = () => undefined }: AuthenticationLimits = {},
): void {
  requirePositive('maximumFailures', maximumFailures)
  const connection = connectionOf(client)
  let attempts = 0
  let failures = 0
  client.prependListener('authentication', (attempt) => {
    attempts += 1
    const isQuestion = attempts === 1 && attempt.method === 'none'
    const reject = attempt.reject.bind(attempt)
    attempt.reject = (...details) => {
      if (!isQuestion) failures += 1
      if (failures < maximumFailures && attempts < maximumAttempts) return reject(...details)
      onLimit(reason)
      sendDisconnect(connection, protocolErrorCode, reason)
    }
  })
}
