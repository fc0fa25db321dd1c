import { generateKeyPairSync } from 'node:crypto'
import { readFileSync } from 'node:fs'

/** The block of JSON in a README, as a user would have filled it in: keys that the page cuts short are whole ones. */
export function readmeConfiguration(page: string): string {
  const [, text] = /^```json\n([^]*?)^```$/m.exec(readFileSync(page, 'utf8')) ?? []
  if (text === undefined) throw new Error(`${page} has no block of JSON`)
  return text.replaceAll('ssh-ed25519 AAAAC3...', () => newPublicKey())
}

/** An Ed25519 public key as on the line of a `.pub` file (RFC 8709 section 4). */
function newPublicKey(): string {
  const { x = '' } = generateKeyPairSync('ed25519').publicKey.export({ format: 'jwk' })
  const fields = [Buffer.from('ssh-ed25519'), Buffer.from(x, 'base64url')]
  const blob = Buffer.concat(fields.flatMap((field) => [lengthOf(field), field]))
  return `ssh-ed25519 ${blob.toString('base64')}`
}

function lengthOf(field: Buffer): Buffer {
  const length = Buffer.alloc(4)
  length.writeUInt32BE(field.length)
  return length
}
