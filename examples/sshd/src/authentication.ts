import type { ParsedKey } from 'ssh2'
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

/** Whether to accept: the account's name, an authorized key and, where it is there to check, its signature. */
export function isAccepted(
  attempt: LoginAttempt,
  user: string,
  authorizedKeys: readonly ParsedKey[],
): boolean {
  const { username, method, key: offered } = attempt
  if (username !== user || method !== 'publickey' || offered === undefined) return false
  const key = authorizedKeys.find(
    (candidate) =>
      candidate.type === offered.algo && isSameKey(candidate.getPublicSSH(), offered.data),
  )
  return key !== undefined && isProven(key, attempt)
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
