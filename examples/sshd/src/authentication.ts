import { isProven, offersKey, type LoginAttempt } from '@hawse/example-kit'
import type { AuthorizedKey } from './authorized-keys'
import { isAddressPermitted } from './client-address'
import type { KeyOptions } from './key-options'

/** Where and when somebody asks to be let in. */
export interface LoginCircumstances {
  readonly clientAddress: string
  readonly nowMs: number
}

/**
 * The authorized key to accept an attempt by: of this account, good here and now and, where a signature is there to
 * check, proven. `undefined`: refuse. As with sshd the first line that fits decides, with its options.
 */
export function acceptedKey(
  attempt: LoginAttempt,
  user: string,
  authorizedKeys: readonly AuthorizedKey[],
  circumstances: LoginCircumstances,
): AuthorizedKey | undefined {
  if (attempt.username !== user) return undefined
  const accepted = authorizedKeys.find(
    ({ key, options }) => offersKey(attempt, key) && isGood(options, circumstances),
  )
  return accepted !== undefined && isProven(accepted.key, attempt) ? accepted : undefined
}

function isGood(
  { from, expiresAtMs }: KeyOptions,
  { clientAddress, nowMs }: LoginCircumstances,
): boolean {
  if (expiresAtMs !== undefined && expiresAtMs < nowMs) return false
  return from === undefined || isAddressPermitted(clientAddress, from)
}
