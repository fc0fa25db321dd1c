/** At most 300 characters, in which nothing can steer the terminal that shows them. */
export function printable(line: string): string {
  return line.replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, '?').slice(0, 300)
}
