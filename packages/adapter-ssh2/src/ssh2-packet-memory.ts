/**
 * Quirk: ssh2 makes new memory for every packet that it sends, and asks the system for random padding each time.
 *
 * At full speed that is a gigabyte of buffers per gigabyte sent, and collecting them costs more than encrypting does.
 * Here packets are laid out one behind the other in memory that is used again once the socket has taken it. How long
 * padding and tag of a packet are is not calculated but copied from a packet that the cipher itself laid out; where
 * that does not look as RFC 4253 section 6 wants it, or the socket may keep what it is given, ssh2 allocates as ever.
 */
import { randomFillSync } from 'node:crypto'
import { Socket } from 'node:net'
import type { Ssh2Socket } from './ssh2-shapes'

/** The part of an ssh2 cipher that lays packets out. */
export interface PacketLayoutCipher {
  /** Length, padding length and padding are set; the payload begins at 5, and what follows the padding is the tag's. */
  allocPacket(payloadByteCount: number): Uint8Array
}

/** Memory for the packets of one connection. */
export interface PacketMemory {
  /** A packet without its payload, as `allocPacket` of the cipher gives; valid until the socket has taken it. */
  packet(cipher: PacketLayoutCipher, payloadByteCount: number): Uint8Array | undefined
  /** Lets the memory go where the socket has taken all of it. Called when a batch was written, and now and then. */
  release(): void
}

const slabBytes = 128 * 1024

/** Makes the packet memory for what is written to a socket; undefined where it would not be safe. */
export function createPacketMemory(socket: Ssh2Socket): PacketMemory | undefined {
  // A socket of this very class hands all to the kernel; another stream may pass on what it was given, and keep it.
  if (Object.getPrototypeOf(socket) !== Socket.prototype) return undefined
  const slabs = slabsOf(socket)
  const layoutOf = createLayouts()
  return {
    packet: (cipher, payloadByteCount) => {
      const layout = layoutOf(cipher, payloadByteCount)
      if (layout === null) return undefined
      const { paddingBytes, tagBytes } = layout
      const byteCount = headerBytes + payloadByteCount + paddingBytes + tagBytes
      if (byteCount > slabBytes) return undefined
      const packet = slabs.take(byteCount)
      packet.writeUInt32BE(byteCount - 4 - tagBytes, 0)
      packet[4] = paddingBytes
      packet.set(randomPadding(paddingBytes), headerBytes + payloadByteCount)
      return packet
    },
    release: slabs.release,
  }
}

/** Memory that no connection uses: most write a batch and have it taken at once, so few pieces serve many. */
const freeSlabs: Buffer[] = []
const maximumFreeSlabs = 8

/** What a socket says waits to be written is all that may be in use of the memory taken here. */
function slabsOf(socket: Ssh2Socket): {
  readonly take: (byteCount: number) => Buffer
  readonly release: () => void
} {
  let slab: Buffer | undefined
  let usedBytes = 0
  return {
    take: (byteCount) => {
      if (socket.writableLength === 0) usedBytes = 0
      if (slab === undefined || usedBytes + byteCount > slab.length) {
        slab = freeSlabs.pop() ?? Buffer.allocUnsafeSlow(slabBytes)
        usedBytes = 0
      }
      usedBytes += byteCount
      return slab.subarray(usedBytes - byteCount, usedBytes)
    },
    release: () => {
      if (slab === undefined || socket.writableLength > 0) return
      if (freeSlabs.length < maximumFreeSlabs) freeSlabs.push(slab)
      slab = undefined
    },
  }
}

/** Length and padding length (RFC 4253 section 6). */
const headerBytes = 5

/** No cipher of SSH has longer blocks, so payloads that are alike modulo 16 are padded alike. */
const longestBlockBytes = 16

/** Payloads below this may be padded up to a shortest packet, so each length is learnt by itself. */
const shortPayloadBytes = 64

/** What follows a payload; null where ssh2 lays packets out in another way. */
interface Layout {
  readonly paddingBytes: number
  /** Room for what authenticates the packet. */
  readonly tagBytes: number
}

/** Asks each cipher once for each length that may be laid out differently; a key exchange brings another cipher. */
function createLayouts(): (cipher: PacketLayoutCipher, payloadByteCount: number) => Layout | null {
  let layouts: (Layout | null | undefined)[] = []
  let knownCipher: PacketLayoutCipher | undefined
  return (cipher, payloadByteCount) => {
    if (cipher !== knownCipher) layouts = []
    knownCipher = cipher
    const isShort = payloadByteCount < shortPayloadBytes
    const index = isShort
      ? payloadByteCount
      : shortPayloadBytes + (payloadByteCount % longestBlockBytes)
    const known = layouts[index]
    if (known !== undefined) return known
    return (layouts[index] = learnLayout(cipher, payloadByteCount))
  }
}

function learnLayout(cipher: PacketLayoutCipher, payloadByteCount: number): Layout | null {
  const packet = cipher.allocPacket(payloadByteCount)
  const view = new DataView(packet.buffer, packet.byteOffset, packet.byteLength)
  const paddingBytes = view.getUint8(4)
  const tagBytes = packet.length - 4 - view.getUint32(0)
  const isAsExpected =
    tagBytes >= 0 &&
    paddingBytes >= 4 &&
    packet.length === headerBytes + payloadByteCount + paddingBytes + tagBytes
  return isAsExpected ? { paddingBytes, tagBytes } : null
}

const randomBytes = Buffer.allocUnsafeSlow(4096)
let usedRandomBytes = randomBytes.length

/** Random bytes that were never given before and never will be again. */
function randomPadding(byteCount: number): Uint8Array {
  if (usedRandomBytes + byteCount > randomBytes.length) {
    randomFillSync(randomBytes)
    usedRandomBytes = 0
  }
  usedRandomBytes += byteCount
  return randomBytes.subarray(usedRandomBytes - byteCount, usedRandomBytes)
}
