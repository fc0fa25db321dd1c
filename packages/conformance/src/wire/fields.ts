/** A byte of its own. */
export function byte(value: number): Buffer {
  return Buffer.of(value)
}

/** A uint32, most significant byte first (RFC 4251 section 5). */
export function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(value)
  return bytes
}

/** A boolean. */
export function boolean(isTrue: boolean): Buffer {
  return Buffer.of(isTrue ? 1 : 0)
}

/** A string with its length; a text is written as UTF-8. */
export function string(content: string | Uint8Array): Buffer {
  const bytes = Buffer.from(content)
  return Buffer.concat([uint32(bytes.length), bytes])
}

/** A positive number of any length (mpint), from its bytes. */
export function multiplePrecision(bytes: Uint8Array): Buffer {
  const start = bytes.findIndex((value) => value !== 0)
  const significant = start === -1 ? Buffer.alloc(0) : Buffer.from(bytes.subarray(start))
  const isHigh = (significant[0] ?? 0) >= 0x80
  return string(isHigh ? Buffer.concat([Buffer.of(0), significant]) : significant)
}

/** Reads fields one after the other; throws where they do not suffice. */
export class FieldReader {
  readonly #bytes: Buffer
  #offset: number

  constructor(bytes: Uint8Array, offset = 0) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    this.#offset = offset
  }

  byte(): number {
    const value = this.#bytes.readUInt8(this.#offset)
    this.#offset += 1
    return value
  }

  uint32(): number {
    const value = this.#bytes.readUInt32BE(this.#offset)
    this.#offset += 4
    return value
  }

  string(): Buffer {
    const byteCount = this.uint32()
    return this.bytes(byteCount)
  }

  text(): string {
    return this.string().toString('utf8')
  }

  bytes(byteCount: number): Buffer {
    const end = this.#offset + byteCount
    if (end > this.#bytes.length) throw new Error(`a field of ${byteCount} bytes is cut short`)
    const bytes = this.#bytes.subarray(this.#offset, end)
    this.#offset = end
    return bytes
  }

  rest(): Buffer {
    return this.bytes(this.#bytes.length - this.#offset)
  }
}
