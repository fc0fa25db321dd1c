import { HawseError } from '../errors/hawse-error'
import { writeString, writeUint32 } from './byte-writer'
import type { ChannelMessage } from './channel-message'
import { encodeChannelRequest } from './encode-channel-request'
import { messageNumbers } from './message-number'

/** Bytes that a message takes as a payload, message number and recipient channel included. Encodes a request to know. */
export function encodedLength(message: ChannelMessage): number {
  switch (message.type) {
    case 'data':
      return headerByteCount + 4 + message.bytes.length
    case 'extendedData':
      return headerByteCount + 8 + message.bytes.length
    case 'windowAdjust':
      return headerByteCount + 4
    case 'request':
      return headerByteCount + encodeChannelRequest(message.request, message.wantsReply).length
    case 'eof':
    case 'close':
    case 'success':
    case 'failure':
      return headerByteCount
  }
}

/**
 * Writes a payload of exactly `encodedLength(message)` bytes at an offset of `target`, and returns the offset after it.
 *
 * Data is copied once, and nothing is allocated for it. Throws `INVALID_ARGUMENT` where the target is too short or
 * a number is no uint32; what the target then holds is undefined.
 */
export function encodeChannelMessageInto(
  recipientChannel: number,
  message: ChannelMessage,
  target: Uint8Array,
  offset: number,
): number {
  if (message.type === 'request') {
    const body = encodeChannelRequest(message.request, message.wantsReply)
    requireRoom(target, offset, headerByteCount + body.length)
    const start = writeHeader(recipientChannel, message, target, offset)
    target.set(body, start)
    return start + body.length
  }
  requireRoom(target, offset, encodedLength(message))
  const start = writeHeader(recipientChannel, message, target, offset)
  return writeFields(message, target, start)
}

/** A message as a payload of its own (RFC 4254 sections 5.2 to 5.4). Throws `INVALID_ARGUMENT` where a number is no uint32. */
export function encodeChannelMessage(
  recipientChannel: number,
  message: ChannelMessage,
): Uint8Array {
  const payload = new Uint8Array(encodedLength(message))
  encodeChannelMessageInto(recipientChannel, message, payload, 0)
  return payload
}

/** Message number and recipient channel. */
const headerByteCount = 5

function writeHeader(
  recipientChannel: number,
  message: ChannelMessage,
  target: Uint8Array,
  offset: number,
): number {
  target[offset] = messageNumbers[message.type]
  return writeUint32(target, offset + 1, recipientChannel, 'recipientChannel')
}

function writeFields(
  message: Exclude<ChannelMessage, { type: 'request' }>,
  target: Uint8Array,
  offset: number,
): number {
  switch (message.type) {
    case 'data':
      return writeString(target, offset, message.bytes)
    case 'extendedData': {
      const start = writeUint32(target, offset, message.dataType, 'extendedData dataType')
      return writeString(target, start, message.bytes)
    }
    case 'windowAdjust':
      return writeUint32(target, offset, message.byteCount, 'windowAdjust byteCount')
    case 'eof':
    case 'close':
    case 'success':
    case 'failure':
      return offset
  }
}

/** Writing past the end of a typed array is silent, so a short target would cut the message. */
function requireRoom(target: Uint8Array, offset: number, byteCount: number): void {
  if (Number.isInteger(offset) && offset >= 0 && offset + byteCount <= target.length) return
  throw new HawseError(
    'INVALID_ARGUMENT',
    `Cannot encode ${String(byteCount)} bytes at offset ${String(offset)} of a target of ${String(target.length)} bytes. ` +
      'Expected room for all of them; size the target by encodedLength.',
  )
}
