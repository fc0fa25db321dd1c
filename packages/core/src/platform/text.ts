/** The bytes of a text in UTF-8; a lone surrogate becomes U+FFFD. */
export function encodeUtf8(text: string): Uint8Array {
  return encoder.encode(text)
}

/** The text of UTF-8 bytes; what is not UTF-8 becomes U+FFFD, and a leading byte order mark is kept. */
export function decodeUtf8(bytes: Uint8Array): string {
  return decoder.decode(bytes)
}

/** The Encoding standard, which Node and browsers share, described here because core knows neither's types. */
interface TextPlatform {
  readonly TextEncoder: new () => { encode(text: string): Uint8Array }
  readonly TextDecoder: new (
    label: string,
    options: { readonly ignoreBOM: boolean },
  ) => { decode(bytes: Uint8Array): string }
}

const platform = globalThis as unknown as TextPlatform
const encoder = new platform.TextEncoder()
/** `ignoreBOM: true` means "do not look for one": the mark is then an ordinary character. */
const decoder = new platform.TextDecoder('utf-8', { ignoreBOM: true })
