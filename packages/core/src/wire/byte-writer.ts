import { HawseError } from '../errors/hawse-error'
import { encodeUtf8 } from '../platform/text'

/** Writes four bytes, most significant first; returns the offset after them. Throws `INVALID_ARGUMENT` for what is no uint32. */
export function writeUint32(
  target: Uint8Array,
  offset: number,
  value: number,
  field: string,
): number {
  requireUint32(value, field)
  target[offset] = value >>> 24
  target[offset + 1] = value >>> 16
  target[offset + 2] = value >>> 8
  target[offset + 3] = value
  return offset + 4
}

/** Writes a uint32 length and the bytes, copying them once; returns the offset after them. */
export function writeString(target: Uint8Array, offset: number, bytes: Uint8Array): number {
  const start = writeUint32(target, offset, bytes.length, 'string length')
  target.set(bytes, start)
  return start + bytes.length
}

/** A uint32 as bytes of their own (RFC 4251 section 5). Throws `INVALID_ARGUMENT` for what is no uint32. */
export function uint32Field(value: number, field: string): Uint8Array {
  const bytes = new Uint8Array(4)
  writeUint32(bytes, 0, value, field)
  return bytes
}

/** A boolean as bytes of their own. */
export function booleanField(isTrue: boolean): Uint8Array {
  return Uint8Array.of(isTrue ? 1 : 0)
}

/** A string with its length, as bytes of their own. */
export function stringField(content: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(4 + content.length)
  writeString(bytes, 0, content)
  return bytes
}

/** A text as a string of UTF-8 with its length. */
export function textField(text: string): Uint8Array {
  return stringField(encodeUtf8(text))
}

/** Fields one after the other. */
export function joinFields(fields: readonly Uint8Array[]): Uint8Array {
  const byteCount = fields.reduce((sum, field) => sum + field.length, 0)
  const bytes = new Uint8Array(byteCount)
  let offset = 0
  for (const field of fields) {
    bytes.set(field, offset)
    offset += field.length
  }
  return bytes
}

/** A wrapped value would be sent as another number, and nobody would know. */
function requireUint32(value: number, field: string): void {
  if (value >>> 0 === value) return
  throw new HawseError(
    'INVALID_ARGUMENT',
    `Cannot encode ${field}: ${String(value)} is not a uint32. Expected an integer from 0 to 4294967295; clamp it first.`,
  )
}
