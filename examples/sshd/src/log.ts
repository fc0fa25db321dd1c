/** Writes one line about the server's work; never what a client typed or was sent. */
export type Log = (line: string) => void

/** Logs to stderr with the time in UTC. */
export function logToStderr(line: string): void {
  process.stderr.write(`${new Date().toISOString()} ${printable(line)}\n`)
}

/** A line of at most 300 characters in which nothing can steer the terminal that shows it. */
export function printable(line: string): string {
  return line.replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, '?').slice(0, 300)
}
