import { HawseError } from '../errors/hawse-error'
import { decodeUtf8 } from '../platform/text'
import { iterableOf, type ByteSource } from './byte-source'
import { GatheredBytes } from './gathered-bytes'
import { requireLimit } from './require-limit'

/** Choices for `linesOf`. */
export interface LineOptions {
  /** Most bytes of one line; a longer one is `OUTPUT_LIMIT_EXCEEDED`. 1 MiB by default. */
  readonly maximumLineBytes?: number
}

const newline = 0x0a
const carriageReturn = 0x0d

/**
 * The lines of a source, as text in UTF-8, without their ends (`\n`, and `\r\n` as terminals have it); what follows the
 * last end is a line too, unless it is empty. Leaving the loop cancels the source.
 */
export async function* linesOf(
  source: ByteSource,
  { maximumLineBytes = 1_048_576 }: LineOptions = {},
): AsyncGenerator<string, void, undefined> {
  requireLimit('maximumLineBytes', maximumLineBytes)
  const refuse = (): never => {
    throw lineTooLong(maximumLineBytes)
  }
  const line = new GatheredBytes(maximumLineBytes, refuse)
  for await (const bytes of iterableOf(source)) {
    let start = 0
    for (let end = bytes.indexOf(newline); end >= 0; end = bytes.indexOf(newline, start)) {
      line.write(bytes.subarray(start, end))
      yield textOf(line.bytes())
      line.clear()
      start = end + 1
    }
    line.write(bytes.subarray(start))
  }
  if (line.bytes().length > 0) yield textOf(line.bytes())
}

function textOf(line: Uint8Array): string {
  return decodeUtf8(line.at(-1) === carriageReturn ? line.subarray(0, -1) : line)
}

function lineTooLong(maximumLineBytes: number): HawseError {
  return new HawseError(
    'OUTPUT_LIMIT_EXCEEDED',
    `a line has more than ${maximumLineBytes} bytes; read bytes, or raise maximumLineBytes`,
  )
}
