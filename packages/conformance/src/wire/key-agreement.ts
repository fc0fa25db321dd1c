import {
  createHash,
  createPublicKey,
  diffieHellman,
  generateKeyPairSync,
  randomBytes,
  verify,
  type KeyObject,
} from 'node:crypto'
import { boolean, byte, FieldReader, multiplePrecision, string, uint32 } from './fields'
import type { PacketKey } from './packet-cipher'

/** Message numbers of a key exchange (RFC 4253 section 12, RFC 5656 section 7.1). */
export const keyMessages = { init: 20, newKeys: 21, ecdhInit: 30, ecdhReply: 31 } as const

/** A key pair for one exchange. */
export interface EphemeralKey {
  readonly privateKey: KeyObject
  /** 32 bytes. */
  readonly publicBytes: Buffer
}

/** What both ends put into the hash of an exchange. */
export interface ExchangedTexts {
  readonly clientIdent: string
  readonly serverIdent: string
  readonly clientInit: Uint8Array
  readonly serverInit: Uint8Array
}

/** What an exchange gives. */
export interface AgreedKeys {
  readonly exchangeHash: Buffer
  /** Public host key as in a known-hosts file, before base64. */
  readonly hostKey: Buffer
  /** Keys by session id, which is the hash of the first exchange. */
  readonly keys: (sessionId: Buffer) => {
    readonly toServer: PacketKey
    readonly fromServer: PacketKey
  }
}

/** KEXINIT with the one choice of each algorithm that this client has. */
export function keyExchangeInit(): Buffer {
  const encryption = 'aes128-gcm@openssh.com'
  const lists = [
    'curve25519-sha256,curve25519-sha256@libssh.org',
    'ssh-ed25519',
    ...[encryption, encryption],
    // GCM needs none, but a server may look for a common one all the same.
    ...['hmac-sha2-256', 'hmac-sha2-256'],
    ...['none', 'none'],
    ...['', ''],
  ]
  const start = [byte(keyMessages.init), randomBytes(16)]
  return Buffer.concat([...start, ...lists.map(string), boolean(false), uint32(0)])
}

/** A key pair of curve25519. */
export function ephemeralKey(): EphemeralKey {
  const { privateKey, publicKey } = generateKeyPairSync('x25519')
  return {
    privateKey,
    publicBytes: Buffer.from(publicKey.export({ format: 'jwk' }).x ?? '', 'base64url'),
  }
}

/** Keys from the server's KEX_ECDH_REPLY (RFC 8731); throws where the host key did not sign them. */
export function agreeOnKeys(
  { privateKey, publicBytes }: EphemeralKey,
  texts: ExchangedTexts,
  reply: Uint8Array,
): AgreedKeys {
  const reader = new FieldReader(reply, 1)
  const [hostKey, serverPublicBytes, signature] = [
    reader.string(),
    reader.string(),
    reader.string(),
  ]
  const publicKey = octetKey('X25519', serverPublicBytes)
  const secret = multiplePrecision(diffieHellman({ privateKey, publicKey }))
  const exchangeHash = sha256([
    string(texts.clientIdent),
    string(texts.serverIdent),
    ...[texts.clientInit, texts.serverInit, hostKey, publicBytes, serverPublicBytes].map(string),
    secret,
  ])
  requireSignature(hostKey, exchangeHash, signature)
  const derive = (letter: string, sessionId: Buffer, byteCount: number): Buffer =>
    sha256([secret, exchangeHash, Buffer.from(letter), sessionId]).subarray(0, byteCount)
  return {
    exchangeHash,
    hostKey,
    keys: (sessionId) => ({
      toServer: { nonce: derive('A', sessionId, 12), key: derive('C', sessionId, 16) },
      fromServer: { nonce: derive('B', sessionId, 12), key: derive('D', sessionId, 16) },
    }),
  }
}

function requireSignature(hostKey: Buffer, exchangeHash: Buffer, signature: Buffer): void {
  const [keyReader, signatureReader] = [new FieldReader(hostKey), new FieldReader(signature)]
  const types = [keyReader.text(), signatureReader.text()]
  const publicKey = octetKey('Ed25519', keyReader.string())
  const isSigned = verify(null, exchangeHash, publicKey, signatureReader.string())
  if (isSigned && types.every((type) => type === 'ssh-ed25519')) return
  throw new Error('the server did not sign the key exchange with its ssh-ed25519 host key')
}

function octetKey(curve: 'X25519' | 'Ed25519', bytes: Buffer): KeyObject {
  const key = { kty: 'OKP', crv: curve, x: bytes.toString('base64url') }
  return createPublicKey({ key, format: 'jwk' })
}

function sha256(parts: readonly Uint8Array[]): Buffer {
  const hash = createHash('sha256')
  parts.forEach((part) => hash.update(part))
  return hash.digest()
}
