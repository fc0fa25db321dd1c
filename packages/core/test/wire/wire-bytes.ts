import { isHawseError } from '../../src/errors/hawse-error'

/** Bytes written as hexadecimal digits, spaced for the reader. */
export function hex(digits: string): Uint8Array {
  const pairs = digits.replace(/\s/g, '').match(/../g) ?? []
  return Uint8Array.from(pairs, (pair) => Number.parseInt(pair, 16))
}

/** One hexadecimal string per character of an ASCII text. */
export function ascii(text: string): string {
  return Array.from(text, (character) => character.charCodeAt(0).toString(16)).join(' ')
}

/** The code of the `HawseError` that a call throws, or what it threw instead, or `returned`. */
export function codeThrownBy(call: () => unknown): unknown {
  try {
    call()
    return 'returned'
  } catch (error) {
    return isHawseError(error) ? error.code : error
  }
}

/** The message of the error that a call throws. */
export function messageThrownBy(call: () => unknown): string {
  try {
    call()
    return 'returned'
  } catch (error) {
    return String(error)
  }
}
