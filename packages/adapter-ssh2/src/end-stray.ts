import type { Connection } from './connection'
import { sendDisconnect } from './send-message'

/** SSH_DISCONNECT_PROTOCOL_ERROR (RFC 4253 section 11.1). */
const protocolErrorCode = 2

/**
 * Messages that make sense only for a channel, by number (RFC 4254 section 9).
 *
 * Not WINDOW_ADJUST, SUCCESS and FAILURE: as with sshd those do nothing where there is no channel, for they may be on
 * their way when it ends.
 */
const namesByNumber: ReadonlyMap<number, string> = new Map([
  [91, 'CHANNEL_OPEN_CONFIRMATION'],
  [92, 'CHANNEL_OPEN_FAILURE'],
  [94, 'CHANNEL_DATA'],
  [95, 'CHANNEL_EXTENDED_DATA'],
  [96, 'CHANNEL_EOF'],
  [97, 'CHANNEL_CLOSE'],
  [98, 'CHANNEL_REQUEST'],
])

/**
 * Ends the connection of a client that speaks of a channel that neither Hawse nor ssh2 has, as sshd does; true where
 * it did, and ssh2 must not see the payload. To be asked for payloads that none of Hawse's channels takes.
 */
export function endStray(connection: Connection, payload: Uint8Array): boolean {
  const name = namesByNumber.get(payload[0] ?? 0)
  // What is too short for the number of a channel ssh2 finds malformed by itself.
  if (name === undefined || payload.length < 5) return false
  const recipient = new DataView(payload.buffer, payload.byteOffset).getUint32(1)
  if (connection.internals.hasChannel(recipient)) return false
  sendDisconnect(
    connection,
    protocolErrorCode,
    `${name} for channel ${recipient}, which is not open`,
  )
  return true
}
