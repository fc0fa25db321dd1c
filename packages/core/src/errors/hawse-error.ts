import { errorCodes, type ErrorCode, type Fault } from './error-code'

/**
 * The one error class of Hawse. Its message says what happened, what was expected and what to do.
 *
 * Expected outcomes of sessions (a non-zero exit, a refused request, a lost connection) are values, not errors.
 */
export class HawseError extends Error {
  override readonly name = 'HawseError'
  /** Stable name of the error: a row of `docs/errors.md`. */
  readonly code: ErrorCode
  /** Who is at fault. */
  readonly fault: Fault

  constructor(code: ErrorCode, message: string, options: { readonly cause?: unknown } = {}) {
    super(message, options)
    this.code = code
    this.fault = errorCodes[code].fault
  }
}

/** Whether a value is a `HawseError`, also one from another copy of this package. */
export function isHawseError(value: unknown): value is HawseError {
  return value instanceof Error && value.name === 'HawseError' && 'code' in value
}

/** The message of whatever was thrown. Never throws, though some values have no text. */
export function messageOf(thrown: unknown): string {
  try {
    return String(thrown instanceof Error ? thrown.message : thrown)
  } catch {
    return 'what was thrown has no text'
  }
}
