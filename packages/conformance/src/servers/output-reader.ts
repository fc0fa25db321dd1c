import { createHash } from 'node:crypto'
import type { Readable } from 'node:stream'
import { setTimeout as delay } from 'node:timers/promises'

/** Reads an output to its end and gives what is to be known of it. */
export type OutputReader = (stream: Readable) => Promise<Buffer>

/** Gives every byte. */
export const readAll: OutputReader = async (stream) => {
  const chunks: Buffer[] = []
  for await (const chunk of stream) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks)
}

/** Gives the SHA-256 of every byte, in hexadecimal, without keeping them. */
export const readDigest: OutputReader = async (stream) => {
  const hash = createHash('sha256')
  for await (const chunk of stream) hash.update(chunk as Buffer)
  return Buffer.from(hash.digest('hex'))
}

/** Gives every byte, resting after each piece, so that a producer meets full windows and buffers. */
export function readSlowly(restMs: number): OutputReader {
  return async (stream) => {
    const chunks: Buffer[] = []
    for await (const chunk of stream) {
      chunks.push(chunk as Buffer)
      await delay(restMs)
    }
    return Buffer.concat(chunks)
  }
}
