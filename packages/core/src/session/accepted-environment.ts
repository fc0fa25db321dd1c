import { encodeUtf8 } from '../platform/text'

/** Environment variables a client has set so far (RFC 4254 section 6.4). */
export interface AcceptedEnvironment {
  readonly variables: ReadonlyMap<string, string>
  /** Names and values together, in bytes of UTF-8. */
  readonly byteCount: number
}

/** Most variables that one session accepts. */
export const maximumEnvironmentVariables = 128

/** Most bytes, names and values together, that one session accepts. */
export const maximumEnvironmentBytes = 64 * 1024

/** Nothing set. */
export const emptyEnvironment: AcceptedEnvironment = { variables: new Map(), byteCount: 0 }

/**
 * Adds a variable where the patterns allow its name and the limits hold; `null` means refused.
 * A name set twice keeps the last value.
 */
export function acceptVariable(
  environment: AcceptedEnvironment,
  patterns: readonly string[],
  variable: string,
  value: string,
): AcceptedEnvironment | null {
  if (!isUsable(variable, value)) return null
  if (!patterns.some((pattern) => matches(pattern, variable))) return null
  const before = environment.variables.get(variable)
  const byteCount =
    environment.byteCount +
    sizeOf(variable, value) -
    (before === undefined ? 0 : sizeOf(variable, before))
  const variables = new Map(environment.variables).set(variable, value)
  if (variables.size > maximumEnvironmentVariables) return null
  return byteCount > maximumEnvironmentBytes ? null : { variables, byteCount }
}

/** Whether a text is what its bytes say: what is not UTF-8 cannot be given to a program as it was sent. */
export function isExactText(text: string, bytes: Uint8Array): boolean {
  const encoded = encodeUtf8(text)
  return encoded.length === bytes.length && encoded.every((byte, index) => byte === bytes[index])
}

/** Whether a name matches a pattern in which `*` stands for any characters and `?` for one. */
export function matches(pattern: string, name: string): boolean {
  const source = pattern
    .replace(/[\\^$.|+()[\]{}]/g, '\\$&')
    .replace(/\*+/g, '.*')
    .replace(/\?/g, '.')
  return new RegExp(`^${source}$`, 's').test(name)
}

/** U+FFFD stands where a name was not UTF-8. */
function isUsable(variable: string, value: string): boolean {
  return variable !== '' && !/[=\0\uFFFD]/.test(variable) && !value.includes('\0')
}

function sizeOf(variable: string, value: string): number {
  return encodeUtf8(variable).length + encodeUtf8(value).length
}
