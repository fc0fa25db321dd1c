import type { AuthContext, ParsedKey } from 'ssh2'
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

/** The attempt that ssh2 asks about, without the means to answer it. */
export function loginAttemptOf(attempt: AuthContext): LoginAttempt {
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

/** Whether an attempt is made by this key; that it is the client's own is for `isProven` to say. */
export function offersKey({ method, key: offered }: LoginAttempt, key: ParsedKey): boolean {
  if (method !== 'publickey' || offered === undefined) return false
  return key.type === offered.algo && isSameKey(key.getPublicSSH(), offered.data)
}

/**
 * Whether an attempt by a key is as it should be: signed by it, or a question. That needs no proof: to accept it only
 * invites the client to sign.
 */
export function isProven(key: ParsedKey, { blob, signature, hashAlgo }: LoginAttempt): boolean {
  if (signature === undefined) return true
  // SHA-1 can be forged, and OpenSSH has refused it since 8.8.
  const isSha1 = key.type === 'ssh-rsa' && hashAlgo === undefined
  if (blob === undefined || isSha1) return false
  // `verify` gives an Error object, which is truthy, when it cannot check; its types say boolean.
  const isVerified: unknown = key.verify(blob, signature, hashAlgo)
  return isVerified === true
}
