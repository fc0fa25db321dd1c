import { createHash, timingSafeEqual } from 'node:crypto'
import ssh2, { type ParsedKey } from 'ssh2'

/** A key as ssh2 reads it, or why it does not. Files with several keys give the first. */
export function parseKey(text: string): ParsedKey | Error {
  const parsed: ParsedKey | Error | readonly ParsedKey[] = ssh2.utils.parseKey(text)
  if (!isKeyList(parsed)) return parsed
  return parsed[0] ?? new Error('it holds no key')
}

/** Types of keys that people are let in by. */
export const takenKeyTypes: readonly string[] = [
  'ssh-ed25519',
  'ecdsa-sha2-nistp256',
  'ecdsa-sha2-nistp384',
  'ecdsa-sha2-nistp521',
  'ssh-rsa',
]

/** The public key on a line of a `.pub` file, or what is wrong with it. What follows the key is its comment. */
export function publicKeyOf(text: string): ParsedKey | string {
  const [type = '', blob = ''] = text.split(/[ \t]+/)
  if (!takenKeyTypes.includes(type)) {
    return `it is not the line of a .pub file with a key of type ${takenKeyTypes.join(', ')}`
  }
  const key = parseKey(`${type} ${blob}`)
  if (key instanceof Error || key.isPrivateKey() || key.type !== type) {
    return `it is not a complete ${type} key; copy the whole line of the .pub file`
  }
  return key
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
