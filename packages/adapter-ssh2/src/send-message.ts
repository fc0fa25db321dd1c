import { encodeChannelMessageInto, encodedLength, type ChannelMessage } from '@hawse/core'
import { loseConnection, refreshBlocked, type Connection } from './connection'
import { endSocket } from './end-socket'
import type { WritePayload } from './ssh2-internals'
import { batchWrites, flushWrites } from './write-batch'

/** Sends one channel message; its data are copied once, into the packet. A dead connection becomes a lost one. */
export function sendMessage(
  connection: Connection,
  remoteChannel: number,
  message: ChannelMessage,
): void {
  sendPacket(connection, encodedLength(message), (packet, offset) =>
    encodeChannelMessageInto(remoteChannel, message, packet, offset),
  )
}

function sendPacket(connection: Connection, byteCount: number, write: WritePayload): void {
  if (connection.lostReason !== undefined) return
  if (!connection.internals.isUsable()) {
    loseConnection(connection, 'the connection is ending')
    return
  }
  try {
    batchWrites(connection)
    connection.internals.send(byteCount, write)
  } catch (error) {
    loseConnection(connection, `sending failed: ${String(error)}`)
    endSocket(connection.internals.socket)
    return
  }
  refreshBlocked(connection)
}

/** Sends one packet of any kind; a dead connection becomes a lost one. */
export function sendPayload(connection: Connection, payload: Uint8Array): void {
  sendPacket(connection, payload.length, (packet, offset) => packet.set(payload, offset))
}

/** Ends a connection with SSH_MSG_DISCONNECT (RFC 4253 section 11.1); every channel on it is lost at once. */
export function sendDisconnect(
  connection: Connection,
  reasonCode: number,
  description: string,
): void {
  if (connection.lostReason !== undefined) return
  try {
    const payload = disconnectPayload(reasonCode, description)
    const write: WritePayload = (packet, offset) => packet.set(payload, offset)
    connection.internals.sendUrgently(payload.length, write)
  } catch {
    // The ciphers are gone, so the message cannot be sent; the end of the socket says enough.
  }
  flushWrites(connection)
  endSocket(connection.internals.socket)
  loseConnection(connection, `disconnected: ${description}`)
}

function disconnectPayload(reasonCode: number, description: string): Uint8Array {
  const text = Buffer.from(description)
  const payload = Buffer.alloc(1 + 4 + 4 + text.length + 4)
  payload.writeUInt8(1, 0)
  payload.writeUInt32BE(reasonCode >>> 0, 1)
  payload.writeUInt32BE(text.length, 5)
  payload.set(text, 9)
  return payload
}
