import { generateKeyPairSync, randomBytes } from 'node:crypto'

/**
 * Generates an Ed25519 key pair and returns the private key in OpenSSH's text format, unencrypted.
 *
 * ssh2 1.17 has a generator too, but it strips leading zero bytes from the public key: one key in 256
 * comes out too short and no program reads it. The format is OpenSSH's PROTOCOL.key.
 */
export function generateEd25519Key(comment: string): string {
  const jwk = generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' })
  const seed = Buffer.from(jwk.d ?? '', 'base64url')
  const point = Buffer.from(jwk.x ?? '', 'base64url')
  return encodePrivateKey(seed, point, comment)
}

function encodePrivateKey(seed: Buffer, point: Buffer, comment: string): string {
  const file = Buffer.concat([
    Buffer.from('openssh-key-v1\0'),
    sshString('none'), // cipher
    sshString('none'), // key derivation
    sshString(''), // its options
    uint32(1), // number of keys
    sshString(Buffer.concat([sshString('ssh-ed25519'), sshString(point)])),
    sshString(privateSection(seed, point, comment)),
  ])
  const lines = file.toString('base64').match(/.{1,70}/g) ?? []
  return [
    '-----BEGIN OPENSSH PRIVATE KEY-----',
    ...lines,
    '-----END OPENSSH PRIVATE KEY-----',
    '',
  ].join('\n')
}

/** Two equal check numbers, the key, and padding 1, 2, 3... up to a multiple of 8 bytes. */
function privateSection(seed: Buffer, point: Buffer, comment: string): Buffer {
  const check = randomBytes(4)
  const body = Buffer.concat([
    check,
    check,
    sshString('ssh-ed25519'),
    sshString(point),
    sshString(Buffer.concat([seed, point])),
    sshString(comment),
  ])
  const padding = Array.from({ length: (8 - (body.length % 8)) % 8 }, (_, index) => index + 1)
  return Buffer.concat([body, Buffer.from(padding)])
}

function sshString(value: string | Buffer): Buffer {
  const bytes = typeof value === 'string' ? Buffer.from(value) : value
  return Buffer.concat([uint32(bytes.length), bytes])
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(value)
  return bytes
}
