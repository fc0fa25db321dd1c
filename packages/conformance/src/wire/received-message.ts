import { FieldReader } from './fields'
import { messageNames } from './message-names'
import { messageNumbers } from './raw-messages'

/** A message that a channel received. */
export interface ReceivedMessage {
  /** `DATA`, `EOF`, ...; a request by its type. */
  readonly name: string
  /** What DATA and EXTENDED_DATA carry, or the fields of a request. */
  readonly bytes: Buffer
  /** Bytes of WINDOW_ADJUST, or the type of EXTENDED_DATA; 0 for others. */
  readonly number: number
  /** Whether it is a request that wants a reply. */
  readonly wantsReply: boolean
}

/** Reads a message numbered 93 to 100. */
export function readMessage(payload: Buffer): ReceivedMessage {
  const reader = new FieldReader(payload, 5)
  const name = messageNames[String(payload[0])] ?? String(payload[0])
  switch (payload[0]) {
    case messageNumbers.windowAdjust:
      return { ...empty, name, number: reader.uint32() }
    case messageNumbers.data:
      return { ...empty, name, bytes: reader.string() }
    case messageNumbers.extendedData: {
      const number = reader.uint32()
      return { ...empty, name, number, bytes: reader.string() }
    }
    case messageNumbers.request: {
      const requestType = reader.text()
      const wantsReply = reader.byte() !== 0
      return { ...empty, name: requestType, wantsReply, bytes: reader.rest() }
    }
    default:
      return { ...empty, name }
  }
}

const empty = { bytes: Buffer.alloc(0), number: 0, wantsReply: false } as const
