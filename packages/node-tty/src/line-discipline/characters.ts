export const newline = 10
export const carriageReturn = 13
export const tab = 9
export const backspace = 8
export const space = 32

/** A control character of ASCII. */
export function isControl(byte: number): boolean {
  return byte < 32 || byte === 127
}

/** A byte of a character of UTF-8, but not its first. */
export function isContinuation(byte: number): boolean {
  return (byte & 0xc0) === 0x80
}

/** What a word is made of: as in Linux, every first byte of a longer character of UTF-8 too. */
export function isWordCharacter(byte: number): boolean {
  const character = String.fromCharCode(byte)
  return /[0-9A-Za-z_]/.test(character) || (byte >= 0xc0 && byte !== 0xd7 && byte !== 0xf7)
}
