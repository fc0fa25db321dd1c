/** What the first line of an asciicast v2 file says (docs.asciinema.org/manual/asciicast/v2). */
export interface AsciicastHeader {
  readonly width: number
  readonly height: number
  /** Start of the recording, in seconds since 1970. */
  readonly timestamp: number
  readonly title?: string | undefined
  readonly command?: string | undefined
  readonly env: Readonly<Record<string, string>>
}

/** Output, input, marker, resize: the events that asciicast v2 has. */
export type AsciicastCode = 'o' | 'i' | 'm' | 'r'

const encoder = new TextEncoder()

/** The first line of a recording. */
export function headerLine(header: AsciicastHeader): Uint8Array {
  return line({ version: 2, ...header })
}

/** The line of one event; `seconds` are from the start of the recording. */
export function eventLine(seconds: number, code: AsciicastCode, text: string): Uint8Array {
  // Microseconds are what players use; a float would be longer and say no more.
  return line([Math.round(seconds * 1e6) / 1e6, code, text])
}

function line(value: unknown): Uint8Array {
  return encoder.encode(`${JSON.stringify(value)}\n`)
}
