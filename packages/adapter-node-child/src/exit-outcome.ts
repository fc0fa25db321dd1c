import { exited, signaled, unreported, type ExitOutcome } from '@hawse/core'

/**
 * The outcome told by the 'exit' event of a Node child process.
 *
 * Node reports a signal that it has no name for (the real-time ones) as code 0 without a signal; that cannot be told
 * from a success here.
 */
export function exitOutcome(
  code: number | null | undefined,
  signal: string | null | undefined,
): ExitOutcome {
  if (typeof signal === 'string' && signal !== '') return signaled(signal)
  if (typeof code === 'number' && code >= 0) return exited(code)
  return unreported('the operating system did not say how the process ended')
}
