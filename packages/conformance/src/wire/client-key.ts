import { createPrivateKey, sign } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { FieldReader, string } from './fields'

/** A key that logs in. */
export interface ClientKey {
  /** Public key as it is sent. */
  readonly publicKey: Buffer
  /** A signature as it is sent. */
  readonly sign: (bytes: Uint8Array) => Buffer
}

/** Reads an ed25519 key without a passphrase from a file in OpenSSH's format (its PROTOCOL.key). */
export function readClientKey(file: string): ClientKey {
  const lines = readFileSync(file, 'latin1').split('\n')
  const body = Buffer.from(lines.filter((line) => !line.startsWith('-----')).join(''), 'base64')
  const reader = new FieldReader(body, 'openssh-key-v1\0'.length)
  const [cipher] = [reader.text(), reader.string(), reader.string(), reader.uint32()]
  if (cipher !== 'none') throw new Error(`${file} has a passphrase`)
  const publicKey = reader.string()
  // Two equal numbers that tell a right passphrase come first in the secret part.
  const secret = new FieldReader(reader.string(), 8)
  const [, publicBytes, privateBytes] = [secret.text(), secret.string(), secret.string()]
  const [d, x] = [privateBytes.subarray(0, 32), publicBytes].map((part) =>
    part.toString('base64url'),
  )
  const privateKey = createPrivateKey({
    key: { kty: 'OKP', crv: 'Ed25519', d: d ?? '', x: x ?? '' },
    format: 'jwk',
  })
  return {
    publicKey,
    sign: (bytes) => Buffer.concat([string('ssh-ed25519'), string(sign(null, bytes, privateKey))]),
  }
}
