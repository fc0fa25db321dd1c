import type { ParsedKey } from 'ssh2'
import type { AuthorizedKey } from './authorized-keys'
import { isAddressPermitted } from './client-address'
import type { KeyOptions } from './key-options'
import { isSameKey } from './public-key'

/** One request of a client to be let in (RFC 4252 section 5), as ssh2 tells it. */
export interface LoginAttempt {
  readonly username: string
  readonly method: string
  /** With method `publickey`. */
  readonly key?: { readonly algo: string; readonly data: Uint8Array }
  /** What was signed; absent while the client only asks whether a key would do (RFC 4252 section 7). */
  readonly blob?: Buffer | undefined
  readonly signature?: Buffer | undefined
  /** The hash of an RSA signature: `sha256` or `sha512`; absent means SHA-1 there. */
  readonly hashAlgo?: string | undefined
}

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
  const { username, method, key: offered } = attempt
  if (username !== user || method !== 'publickey' || offered === undefined) return undefined
  const accepted = authorizedKeys.find(
    ({ key, options }) =>
      key.type === offered.algo &&
      isSameKey(key.getPublicSSH(), offered.data) &&
      isGood(options, circumstances),
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

/** A question needs no proof: to accept it only invites the client to sign. */
function isProven(key: ParsedKey, { blob, signature, hashAlgo }: LoginAttempt): boolean {
  if (signature === undefined) return true
  // SHA-1 can be forged, and OpenSSH has refused it since 8.8.
  const isSha1 = key.type === 'ssh-rsa' && hashAlgo === undefined
  if (blob === undefined || isSha1) return false
  // `verify` gives an Error object, which is truthy, when it cannot check; its types say boolean.
  const isVerified: unknown = key.verify(blob, signature, hashAlgo)
  return isVerified === true
}
