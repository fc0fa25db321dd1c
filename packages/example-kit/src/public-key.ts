import { createHash, timingSafeEqual } from 'node:crypto'
import ssh2, { type ParsedKey } from 'ssh2'

/** A key as ssh2 reads it, or why it does not. Files with several keys give the first. */
export function parseKey(text: string): ParsedKey | Error {
  const parsed: ParsedKey | Error | readonly ParsedKey[] = ssh2.utils.parseKey(text)
  if (!isKeyList(parsed)) return parsed
  return parsed[0] ?? new Error('it holds no key')
}

/** Whether two public keys are the same, in a time that tells nothing about where they differ. */
export function isSameKey(left: Uint8Array, right: Uint8Array): boolean {
  return left.length === right.length && timingSafeEqual(left, right)
}

/** A public key as `ssh-keygen -l` names it: `SHA256:` and unpadded base64. */
export function fingerprint(publicKey: Uint8Array): string {
  const digest = createHash('sha256').update(publicKey).digest('base64')
  return `SHA256:${digest.replace(/=+$/, '')}`
}

function isKeyList(parsed: unknown): parsed is readonly ParsedKey[] {
  return Array.isArray(parsed)
}
