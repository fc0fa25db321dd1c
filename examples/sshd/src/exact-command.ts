/** A program and its arguments. */
export type Argv = readonly [string, ...string[]]

/**
 * The arguments that make a shell run a command of exactly these bytes.
 *
 * A command is bytes to SSH and to the shell, and Node's spawn passes only text, as UTF-8. What is UTF-8 is given
 * directly; anything else is spelled in octal for `printf` of /bin/sh, which then becomes the shell. Of the full stops
 * the first keeps a command that begins with `-` from being an option, and the last keeps newlines at the end, which a
 * command substitution would strip. A NUL cannot be passed: see `hasNul`.
 */
export function shellArguments(shell: string, commandBytes: Uint8Array): Argv {
  const command = decodeUtf8(commandBytes)
  if (command !== undefined) return [shell, '-c', command]
  const script = 'c=$(printf ".$1.") && c=${c#.} && exec "$0" -c "${c%.}"'
  return ['/bin/sh', '-c', script, shell, printfFormat(commandBytes)]
}

/** Whether a command cannot be an argument of a program, which ends at the first NUL. */
export function hasNul(commandBytes: Uint8Array): boolean {
  return commandBytes.includes(0)
}

/** The text, or `undefined` where the bytes are not UTF-8. */
export function decodeUtf8(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return undefined
  }
}

function printfFormat(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) =>
    isPlain(byte) ? String.fromCharCode(byte) : octal(byte),
  ).join('')
}

/** Printable ASCII but for the two characters that mean something to `printf`. */
function isPlain(byte: number): boolean {
  return byte >= 0x20 && byte <= 0x7e && byte !== 0x25 && byte !== 0x5c
}

function octal(byte: number): string {
  return `\\${byte.toString(8).padStart(3, '0')}`
}
