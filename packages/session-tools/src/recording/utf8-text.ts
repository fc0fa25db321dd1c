/** Bytes of one stream as text: a character that is split over pieces is kept whole, what is not UTF-8 is U+FFFD. */
export class Utf8Text {
  readonly #decoder = new TextDecoder('utf-8', { ignoreBOM: true })

  /** The characters that are complete now. */
  read(bytes: Uint8Array): string {
    return this.#decoder.decode(bytes, { stream: true })
  }

  /** What the end of the stream leaves incomplete. */
  end(): string {
    return this.#decoder.decode()
  }
}
