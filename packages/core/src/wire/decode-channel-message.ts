import { ByteReader, malformedMessage } from './byte-reader'
import type { ChannelMessage } from './channel-message'
import { decodeChannelRequest } from './decode-channel-request'
import { messageNumbers } from './message-number'

/** A message of an open channel and the channel it is for. */
export interface AddressedChannelMessage {
  /** Number of the channel at the receiving end, 0 to 4294967295. */
  readonly recipientChannel: number
  readonly message: ChannelMessage
}

/**
 * Decodes a payload that begins with message number 93 to 100 (RFC 4254 sections 5.2 to 5.4).
 *
 * The bytes of data and extended data are views of the payload, not copies: whoever gives the payload must not use
 * its memory again. Bytes after the last field are an error, as they are to OpenSSH (`sshpkt_get_end`).
 * Throws `MALFORMED_MESSAGE` naming the message and the field, and nothing else.
 */
export function decodeChannelMessage(payload: Uint8Array): AddressedChannelMessage {
  const messageNumber = payload[0]
  if (messageNumber === undefined) throw malformedMessage('An SSH message', 'it is empty')
  const format = formats.get(messageNumber)
  if (format === undefined) throw notOfAChannel(messageNumber)
  const reader = new ByteReader(payload.subarray(1), format.name)
  const recipientChannel = reader.readUint32('recipient channel')
  const message = format.decode(reader)
  reader.requireEnd()
  return { recipientChannel, message }
}

/** The channel a payload is for; undefined where it is shorter than 5 bytes or not a message numbered 93 to 100. */
export function recipientChannelOf(payload: Uint8Array): number | undefined {
  const messageNumber = payload[0]
  if (messageNumber === undefined || payload.length < 5 || !formats.has(messageNumber)) {
    return undefined
  }
  return new DataView(payload.buffer, payload.byteOffset, payload.byteLength).getUint32(1)
}

interface MessageFormat {
  readonly name: string
  readonly decode: (reader: ByteReader) => ChannelMessage
}

const formats: ReadonlyMap<number, MessageFormat> = new Map<number, MessageFormat>([
  [messageNumbers.windowAdjust, { name: 'CHANNEL_WINDOW_ADJUST', decode: readWindowAdjust }],
  [messageNumbers.data, { name: 'CHANNEL_DATA', decode: readData }],
  [messageNumbers.extendedData, { name: 'CHANNEL_EXTENDED_DATA', decode: readExtendedData }],
  [messageNumbers.eof, { name: 'CHANNEL_EOF', decode: () => ({ type: 'eof' }) }],
  [messageNumbers.close, { name: 'CHANNEL_CLOSE', decode: () => ({ type: 'close' }) }],
  [messageNumbers.request, { name: 'CHANNEL_REQUEST', decode: readRequest }],
  [messageNumbers.success, { name: 'CHANNEL_SUCCESS', decode: () => ({ type: 'success' }) }],
  [messageNumbers.failure, { name: 'CHANNEL_FAILURE', decode: () => ({ type: 'failure' }) }],
])

function readWindowAdjust(reader: ByteReader): ChannelMessage {
  return { type: 'windowAdjust', byteCount: reader.readUint32('bytes to add') }
}

function readData(reader: ByteReader): ChannelMessage {
  return { type: 'data', bytes: reader.readString('data') }
}

function readExtendedData(reader: ByteReader): ChannelMessage {
  const dataType = reader.readUint32('data type code')
  return { type: 'extendedData', dataType, bytes: reader.readString('data') }
}

function readRequest(reader: ByteReader): ChannelMessage {
  const requestType = reader.readText('request type')
  const wantsReply = reader.readBoolean('want reply')
  const request = decodeChannelRequest(requestType, reader.readRest())
  return { type: 'request', request, wantsReply }
}

function notOfAChannel(messageNumber: number): Error {
  const detail = `message number ${String(messageNumber)} is none of an open channel (93 to 100)`
  return malformedMessage('An SSH message', detail)
}
