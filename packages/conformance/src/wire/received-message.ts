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
}

/** Reads a message numbered 93 to 100. */
export function readMessage(payload: Buffer): ReceivedMessage {
  const reader = new FieldReader(payload, 5)
  const name = messageNames[String(payload[0])] ?? String(payload[0])
  switch (payload[0]) {
    case messageNumbers.windowAdjust:
      return { name, bytes: none, number: reader.uint32() }
    case messageNumbers.data:
      return { name, bytes: reader.string(), number: 0 }
    case messageNumbers.extendedData: {
      const number = reader.uint32()
      return { name, bytes: reader.string(), number }
    }
    case messageNumbers.request: {
      const requestType = reader.text()
      reader.byte()
      return { name: requestType, bytes: reader.rest(), number: 0 }
    }
    default:
      return { name, bytes: none, number: 0 }
  }
}

const none = Buffer.alloc(0)
