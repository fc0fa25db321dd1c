import type { Connection } from '../connection'
import { sendPayload } from '../send-message'

/** SSH_MSG_CHANNEL_OPEN and SSH_MSG_CHANNEL_OPEN_FAILURE (RFC 4254 section 5.1). */
const channelOpen = 90
const channelOpenFailure = 92

/** Reason codes of a failed open (RFC 4254 section 5.1). */
const administrativelyProhibited = 1
const resourceShortage = 4

/** CHANNEL_OPEN of a session: the number, the type, and the client's number of the channel. */
const openHead = Buffer.concat([Buffer.from([channelOpen, 0, 0, 0, 7]), Buffer.from('session')])

/** Refuses an open that is one too many, and tells why; true where it did, and ssh2 must not see it. */
export function refuseSession(connection: Connection, payload: Uint8Array): boolean {
  if (payload[0] !== channelOpen) return false
  const bytes = Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength)
  const isSession = bytes.length >= openHead.length + 4 && bytes.indexOf(openHead) === 0
  const refusal = isSession ? refusalOf(connection) : undefined
  if (refusal === undefined) return false
  const [reasonCode, text] = refusal
  connection.limits.onLimit(text)
  sendPayload(connection, failurePayload(bytes.readUInt32BE(openHead.length), reasonCode, text))
  return true
}

function refusalOf({ channels, limits, rate }: Connection): readonly [number, string] | undefined {
  const { maximumSessions, maximumSessionsPerSecond } = limits
  if (!rate.take(maximumSessionsPerSecond)) {
    const text = `more than ${maximumSessionsPerSecond} sessions a second on one connection`
    return [resourceShortage, text]
  }
  if (channels.size < maximumSessions) return undefined
  return [administrativelyProhibited, `more than ${maximumSessions} sessions on one connection`]
}

function failurePayload(remoteChannel: number, reasonCode: number, text: string): Uint8Array {
  const description = Buffer.from(text)
  const head = Buffer.alloc(13)
  head.writeUInt8(channelOpenFailure, 0)
  head.writeUInt32BE(remoteChannel, 1)
  head.writeUInt32BE(reasonCode, 5)
  head.writeUInt32BE(description.length, 9)
  // No language is named.
  return Buffer.concat([head, description, Buffer.alloc(4)])
}
