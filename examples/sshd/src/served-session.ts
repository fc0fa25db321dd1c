import type { SessionHandlers, SessionOptions } from '@hawse/core'
import type { KeyOptions } from './key-options'
import { loginHandlers, type Login } from './login-handlers'

/** What a session runs, and how. */
export interface ServedSession {
  readonly handlers: SessionHandlers
  readonly options: SessionOptions
}

/** A login as far as a key allows it. As with sshd a command that the server forces goes before that of a key. */
export function servedSession(
  login: Login,
  options: SessionOptions,
  allowed: KeyOptions,
): ServedSession {
  const forceCommand = login.forceCommand ?? allowed.forceCommand
  // As sshd: whoever may only run a forced command may not signal it either.
  const signals = forceCommand === undefined ? {} : { signals: [] }
  return {
    handlers: loginHandlers({ ...login, forceCommand }),
    options: { ...options, acceptsTerminal: allowed.permitsTerminal, ...signals },
  }
}
