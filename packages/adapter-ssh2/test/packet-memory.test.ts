import { once } from 'node:events'
import { connect, createServer, Socket, type AddressInfo, type Server } from 'node:net'
import { Duplex } from 'node:stream'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { createPacketMemory, type PacketLayoutCipher } from '../src/ssh2-packet-memory'

/** Lays packets out as AES-GCM of ssh2 does: blocks of 16 without the length, 16 bytes for the tag. */
const cipher: PacketLayoutCipher = {
  allocPacket: (payloadByteCount) => {
    const short = 16 - ((1 + payloadByteCount) % 16)
    const paddingBytes = short < 4 ? short + 16 : short
    const packet = Buffer.alloc(5 + payloadByteCount + paddingBytes + 16)
    packet.writeUInt32BE(1 + payloadByteCount + paddingBytes, 0)
    packet[4] = paddingBytes
    return packet
  },
}

describe('the memory of packets', () => {
  let server: Server
  let socket: Socket
  beforeEach(async () => {
    server = createServer((peer) => peer.resume().on('error', () => undefined))
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    socket = connect((server.address() as AddressInfo).port, '127.0.0.1')
    await once(socket, 'connect')
  })
  afterEach(() => {
    socket.destroy()
    server.close()
  })

  it('has packets laid out as the cipher does it, of every length', () => {
    const memory = createPacketMemory(socket)
    for (let length = 1; length < 700; length += 1) {
      const expected = cipher.allocPacket(length)
      const packet = memory?.packet(cipher, length)
      expect(packet).toHaveLength(expected.length)
      expect(packet?.subarray(0, 5)).toEqual(expected.subarray(0, 5))
    }
  })

  it('pads with other bytes each time', () => {
    const memory = createPacketMemory(socket)
    const paddings = Array.from({ length: 1000 }, () => {
      const packet = memory?.packet(cipher, 1024) ?? Buffer.alloc(0)
      return Buffer.from(packet.subarray(5 + 1024, -16)).toString('hex')
    })
    expect(paddings[0]).toHaveLength(2 * 15)
    expect(new Set(paddings).size).toBe(1000)
  })

  it('is used again only once the socket has taken it', async () => {
    const memory = createPacketMemory(socket)
    const first = memory?.packet(cipher, 1024) as Buffer
    socket.cork()
    socket.write(first)
    const second = memory?.packet(cipher, 1024) as Buffer
    expect(overlap(first, second)).toBe(false)
    socket.uncork()
    if (socket.writableLength > 0) await once(socket, 'drain')
    const third = memory?.packet(cipher, 1024) as Buffer
    expect(overlap(first, third)).toBe(true)
  })

  it('is not let go to other connections while the socket holds any of it', () => {
    const memory = createPacketMemory(socket)
    const first = memory?.packet(cipher, 1024) as Buffer
    socket.cork()
    socket.write(first)
    memory?.release()
    const others = Array.from({ length: 8 }, () => createPacketMemory(socket)?.packet(cipher, 1024))
    expect(others.some((other) => overlap(first, other as Buffer))).toBe(false)
  })

  it('is left to ssh2 where packets are huge, or laid out in another way', () => {
    const memory = createPacketMemory(socket)
    const strange = { allocPacket: (length: number) => Buffer.alloc(length + 5) }
    expect(memory?.packet(strange, 1024)).toBeUndefined()
    expect(memory?.packet(cipher, 1_000_000)).toBeUndefined()
  })

  it('is left to ssh2 where the stream may keep what it is given', () => {
    class OtherSocket extends Socket {}
    expect(createPacketMemory(new Duplex() as never)).toBeUndefined()
    expect(createPacketMemory(new OtherSocket())).toBeUndefined()
  })
})

function overlap(one: Buffer, other: Buffer): boolean {
  const start = Math.max(one.byteOffset, other.byteOffset)
  const end = Math.min(one.byteOffset + one.length, other.byteOffset + other.length)
  return one.buffer === other.buffer && start < end
}
