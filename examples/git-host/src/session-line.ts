import { outcomeInWords, type SessionResult } from '@hawse/core'
import { printable } from '@hawse/example-kit'

/** How a session ended, for the log: how its program did, who ended it where the program did not, and the traffic. */
export function describeEnd({ exit, endedBy, reason, traffic, durationMs }: SessionResult): string {
  const ending = exit === null ? reason : outcomeInWords(exit)
  const who = endedBy === 'process' ? '' : ` (${endedBy})`
  const { stdinBytes, stdoutBytes } = traffic
  const seconds = (durationMs / 1_000).toFixed(2)
  return printable(
    `${ending}${who}, ${stdinBytes} bytes in, ${stdoutBytes} bytes out, ${seconds} s`,
  )
}
