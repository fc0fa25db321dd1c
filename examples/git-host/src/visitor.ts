import { isProven, loginAttemptOf, offersKey } from '@hawse/example-kit'
import type { AuthContext } from 'ssh2'
import type { Member } from './access'

/**
 * Answers a request to be let in: by a key of a member, whatever user name the client gives. Gives the user once
 * somebody is let in.
 */
export function answerLogin(context: AuthContext, members: readonly Member[]): string | undefined {
  const attempt = loginAttemptOf(context)
  for (const { user, keys } of members) {
    const key = keys.find((candidate) => offersKey(attempt, candidate))
    if (key === undefined || !isProven(key, attempt)) continue
    context.accept()
    // A client may ask whether a key would do before it signs (RFC 4252 section 7).
    return attempt.signature === undefined ? undefined : user
  }
  context.reject(['publickey'])
  return undefined
}
