import { HawseError } from '../errors/hawse-error'
import { decodeUtf8 } from '../platform/text'

/**
 * Reads the data types of RFC 4251 section 5 from the front of some bytes.
 *
 * Every method throws `MALFORMED_MESSAGE`, naming the message and the field, where the bytes do not suffice.
 */
export class ByteReader {
  readonly #bytes: Uint8Array
  readonly #view: DataView
  readonly #messageName: string
  #offset = 0

  constructor(bytes: Uint8Array, messageName: string) {
    this.#bytes = bytes
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    this.#messageName = messageName
  }

  /** Bytes not read yet. */
  get remainingByteCount(): number {
    return this.#bytes.length - this.#offset
  }

  /** One byte, 0 to 255. */
  readByte(field: string): number {
    return this.#view.getUint8(this.#take(1, field))
  }

  /** One byte; RFC 4251 has every value but 0 mean true. */
  readBoolean(field: string): boolean {
    return this.readByte(field) !== 0
  }

  /** Four bytes, most significant first; 0 to 4294967295. */
  readUint32(field: string): number {
    return this.#view.getUint32(this.#take(4, field))
  }

  /** A uint32 length and that many bytes: a view, not a copy. */
  readString(field: string): Uint8Array {
    const byteCount = this.readUint32(`length of ${field}`)
    const start = this.#take(byteCount, field)
    return this.#bytes.subarray(start, start + byteCount)
  }

  /** A string read as UTF-8, bytes that are not becoming U+FFFD. */
  readText(field: string): string {
    return decodeUtf8(this.readString(field))
  }

  /** Everything up to the end: a view, not a copy. */
  readRest(): Uint8Array {
    const rest = this.#bytes.subarray(this.#offset)
    this.#offset = this.#bytes.length
    return rest
  }

  /** Throws where bytes follow the last field. */
  requireEnd(): void {
    const byteCount = this.remainingByteCount
    if (byteCount === 0) return
    throw malformedMessage(this.#messageName, `${String(byteCount)} bytes follow its last field`)
  }

  #take(byteCount: number, field: string): number {
    const start = this.#offset
    if (byteCount > this.remainingByteCount) {
      const left = String(this.remainingByteCount)
      const detail = `${field} needs ${String(byteCount)} bytes, ${left} are left`
      throw malformedMessage(this.#messageName, detail)
    }
    this.#offset = start + byteCount
    return start
  }
}

/** The error for bytes that are not the message they claim to be. */
export function malformedMessage(messageName: string, detail: string): HawseError {
  return new HawseError(
    'MALFORMED_MESSAGE',
    `${messageName} is malformed: ${detail}. Expected the layout of RFC 4254; end the connection, the peer is faulty.`,
  )
}
