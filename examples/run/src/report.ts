import type { ProcessOutcome } from '@hawse/core'
import { constants } from 'node:os'
import type { ConnectFailure } from './connect'
import type { Target } from './target'

/** What became of the command on one host. */
export interface Report {
  readonly target: Target
  readonly outcome: ProcessOutcome | ConnectFailure | { readonly kind: 'skipped' }
  /** Whether it took longer than it may. */
  readonly isTimedOut: boolean
  readonly durationMs: number
  /** Of both outputs. */
  readonly outputBytes: number
}

/** An outcome in a few words. */
export function outcomeWords({ outcome, isTimedOut }: Report): string {
  if (isTimedOut) return `timed out, ${bareWords(outcome)}`
  return bareWords(outcome)
}

/**
 * The exit code that stands for a host: that of the command; 128 and the number of the signal that ended it, 124 where it
 * took too long, 130 where it was not begun because of an interrupt, and 255 where nobody knows, as with ssh.
 */
export function exitCodeOf({ outcome, isTimedOut }: Report): number {
  if (isTimedOut) return 124
  switch (outcome.kind) {
    case 'exited':
      return Math.min(outcome.code, 255)
    case 'signaled':
      return 128 + (signalNumbers[signalName(outcome.signal)] ?? 127)
    case 'skipped':
      return 130
    default:
      return 255
  }
}

/** The exit code that stands for all: the highest. */
export function overallExitCode(reports: readonly Report[]): number {
  return Math.max(0, ...reports.map(exitCodeOf))
}

const signalNumbers: Readonly<Record<string, number>> = constants.signals

/** Names beyond those of SSH have a domain; sshd sends the domain alone, as `SIG@openssh.com`. */
function signalName(signal: string): string {
  const name = signal.replace(/@.*/, '')
  return /^(SIG)?$/.test(name) ? 'a signal' : `SIG${name}`
}

function bareWords(outcome: Report['outcome']): string {
  switch (outcome.kind) {
    case 'exited':
      return 'exited'
    case 'signaled':
      return `killed by ${signalName(outcome.signal)}`
    case 'notStarted':
      return `not started: ${outcome.message}`
    case 'lost':
    case 'unreported':
      return `${outcome.kind}: ${outcome.reason}`
    case 'skipped':
      return 'not begun'
    default:
      return `${outcome.kind}: ${outcome.message}`
  }
}
