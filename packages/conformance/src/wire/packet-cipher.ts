import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { uint32 } from './fields'

/** Makes packets of payloads (RFC 4253 section 6). */
export type SealPacket = (payload: Uint8Array) => Buffer

/** Takes the first packet off the front of some bytes; undefined while it is not complete. */
export type OpenPacket = (
  bytes: Buffer,
) => { readonly payload: Buffer; readonly byteCount: number } | undefined

/** Key and first nonce of one direction. */
export interface PacketKey {
  /** 16 bytes. */
  readonly key: Buffer
  /** 12 bytes. */
  readonly nonce: Buffer
}

/** Packets before the first keys. */
export const sealPlain: SealPacket = (payload) => {
  const body = padded(payload, 8, 4)
  return Buffer.concat([uint32(body.length), body])
}

/** Packets before the first keys. */
export const openPlain: OpenPacket = (bytes) => {
  const end = endOfBody(bytes)
  if (end === undefined || bytes.length < end) return undefined
  return { payload: withoutPadding(bytes.subarray(4, end)), byteCount: end }
}

/** Packets of aes128-gcm@openssh.com (RFC 5647 with OpenSSH's naming). */
export function sealGcm({ key, nonce }: PacketKey): SealPacket {
  const count = nonceCounter(nonce)
  return (payload) => {
    const body = padded(payload, 16, 0)
    const length = uint32(body.length)
    const cipher = createCipheriv('aes-128-gcm', key, count()).setAAD(length)
    return Buffer.concat([length, cipher.update(body), cipher.final(), cipher.getAuthTag()])
  }
}

/** Packets of aes128-gcm@openssh.com. */
export function openGcm({ key, nonce }: PacketKey): OpenPacket {
  const count = nonceCounter(nonce)
  return (bytes) => {
    const end = endOfBody(bytes)
    if (end === undefined || bytes.length < end + tagByteCount) return undefined
    const decipher = createDecipheriv('aes-128-gcm', key, count())
      .setAAD(bytes.subarray(0, 4))
      .setAuthTag(bytes.subarray(end, end + tagByteCount))
    const body = Buffer.concat([decipher.update(bytes.subarray(4, end)), decipher.final()])
    return { payload: withoutPadding(body), byteCount: end + tagByteCount }
  }
}

const tagByteCount = 16

function endOfBody(bytes: Buffer): number | undefined {
  return bytes.length < 4 ? undefined : 4 + bytes.readUInt32BE()
}

/** Padding length, payload, padding: `uncounted` bytes before them count towards the block. */
function padded(payload: Uint8Array, blockByteCount: number, uncounted: number): Buffer {
  const least = 4
  const unpadded = uncounted + 1 + payload.length + least
  const byteCount = least + ((blockByteCount - (unpadded % blockByteCount)) % blockByteCount)
  return Buffer.concat([Buffer.of(byteCount), payload, randomBytes(byteCount)])
}

function withoutPadding(body: Buffer): Buffer {
  return Buffer.from(body.subarray(1, body.length - (body[0] ?? 0)))
}

/** The last 8 bytes of the nonce count the packets. */
function nonceCounter(nonce: Buffer): () => Buffer {
  let invocation = nonce.readBigUInt64BE(4)
  return () => {
    const current = Buffer.from(nonce)
    current.writeBigUInt64BE(invocation, 4)
    invocation = BigInt.asUintN(64, invocation + 1n)
    return current
  }
}
