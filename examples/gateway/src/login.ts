import { isProven, loginAttemptOf, offersKey } from '@hawse/example-kit'
import type { AuthContext } from 'ssh2'
import type { Config, GatewayUser } from './config'

/** Who logged in, and to what: a host, or without one the gateway itself. */
export interface Login {
  readonly user: GatewayUser
  readonly hostName: string | undefined
}

/** A login name: `ann+web1` is ann at web1, `ann` is ann at the gateway. */
export function parseLoginName(name: string): { readonly user: string; readonly host?: string } {
  const at = name.lastIndexOf('+')
  return at < 0 ? { user: name } : { user: name.slice(0, at), host: name.slice(at + 1) }
}

/** Answers an attempt to log in; gives who it is once that is proven. */
export function answerLogin(attempt: AuthContext, { users }: Config): Login | undefined {
  const { user: name, host: hostName } = parseLoginName(attempt.username)
  const user = users.get(name)
  const offered = loginAttemptOf(attempt)
  const key = user?.keys.find((one) => offersKey(offered, one))
  if (user === undefined || key === undefined || !isProven(key, offered)) {
    attempt.reject(['publickey'])
    return undefined
  }
  attempt.accept()
  // A client may ask whether a key would do before it signs (RFC 4252 section 7).
  return offered.signature === undefined ? undefined : { user, hostName }
}
