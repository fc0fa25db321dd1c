import { HawseError, type StartFailure } from '@hawse/core'
import type { Ssh2ChannelEnds } from '../ssh2-internals'

/** SSH_MSG_CHANNEL_OPEN and its two answers (RFC 4254 section 5.1). */
const channelOpen = 90
export const channelOpenConfirmation = 91
export const channelOpenFailure = 92

/** What the server may send before we have passed it on: 2 MiB, as OpenSSH's client grants. */
const windowBytes = 2 * 1024 * 1024

/** Largest data payload we take: what every implementation takes (RFC 4253 section 6.1). */
const packetBytes = 32 * 1024

/** CHANNEL_OPEN of a session, by our number of the channel. */
export function openPayload(localChannel: number): Uint8Array {
  const type = Buffer.from('session')
  const payload = Buffer.alloc(5 + type.length + 12)
  payload.writeUInt8(channelOpen, 0)
  payload.writeUInt32BE(type.length, 1)
  payload.set(type, 5)
  payload.writeUInt32BE(localChannel, 12)
  payload.writeUInt32BE(windowBytes, 16)
  payload.writeUInt32BE(packetBytes, 20)
  return payload
}

/** Both ends of the channel that a CHANNEL_OPEN_CONFIRMATION opens. Throws MALFORMED_MESSAGE. */
export function confirmedEnds(localChannel: number, payload: Uint8Array): Ssh2ChannelEnds {
  const bytes = requireLength(payload, 17, 'CHANNEL_OPEN_CONFIRMATION')
  const state = 'open'
  return {
    incoming: { id: localChannel, window: windowBytes, packetSize: packetBytes, state },
    outgoing: {
      id: bytes.readUInt32BE(5),
      window: bytes.readUInt32BE(9),
      packetSize: bytes.readUInt32BE(13),
      state,
    },
  }
}

/** Why a CHANNEL_OPEN_FAILURE says that there is no channel. Throws MALFORMED_MESSAGE. */
export function openRefusal(payload: Uint8Array): {
  readonly failure: StartFailure
  readonly message: string
} {
  const bytes = requireLength(payload, 13, 'CHANNEL_OPEN_FAILURE')
  const reasonCode = bytes.readUInt32BE(5)
  const text = bytes.subarray(13, 13 + bytes.readUInt32BE(9)).toString()
  const reason = text.replaceAll(/\s+/g, ' ').trim()
  const kind = reasons.get(reasonCode) ?? `reason ${reasonCode}`
  const message = `the server refused a session: ${reason === '' ? kind : `${reason} (${kind})`}`
  return { failure: failures.get(reasonCode) ?? 'failed', message }
}

/** Reason codes of a failed open (RFC 4254 section 5.1). */
const reasons: ReadonlyMap<number, string> = new Map([
  [1, 'administratively prohibited'],
  [2, 'connect failed'],
  [3, 'unknown channel type'],
  [4, 'resource shortage'],
])

const failures: ReadonlyMap<number, StartFailure> = new Map([
  [1, 'notPermitted'],
  [4, 'noResources'],
])

function requireLength(payload: Uint8Array, byteCount: number, name: string): Buffer {
  if (payload.length >= byteCount) {
    return Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength)
  }
  throw new HawseError(
    'MALFORMED_MESSAGE',
    `${name} is malformed: it has ${payload.length} bytes. Expected ${byteCount} or more (RFC 4254 section 5.1); ` +
      'end the connection, the peer is faulty.',
  )
}
