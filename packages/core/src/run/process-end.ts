import type { ExitOutcome } from '../ports/exit-outcome'
import type { OutputName, StartFailure } from '../ports/process-port'

/** How a process ended, or that it never started. */
export type ProcessOutcome =
  | ExitOutcome
  | {
      readonly kind: 'notStarted'
      readonly failure: StartFailure
      /** One line for people. */
      readonly message: string
    }

/** What passed between a process and its streams, in bytes. */
export interface RunTraffic {
  /** Bytes of input that the process has taken. */
  readonly stdinBytes: number
  /** Bytes of output that the process wrote and that arrived here. */
  readonly stdoutBytes: number
  readonly stderrBytes: number
  /** Of the output, bytes that no sink took, for it had closed or was given up. */
  readonly droppedBytes: number
}

/** A source or sink that failed: not by its reader going away, but by an error of its own. */
export interface StreamFailure {
  readonly stream: 'stdin' | OutputName
  readonly error: unknown
}

/** The end of a process whose streams were redirected. */
export interface ProcessEnd {
  readonly outcome: ProcessOutcome
  readonly traffic: RunTraffic
  /** The first stream that failed. */
  readonly streamFailure: StreamFailure | undefined
  /** Outputs whose reader went away while the process had them open. */
  readonly closedOutputs: readonly OutputName[]
}

/** An outcome in words, for people: `exited with 3`, `was killed by SIGTERM`. */
export function outcomeInWords(outcome: ProcessOutcome): string {
  switch (outcome.kind) {
    case 'exited':
      return `exited with ${outcome.code}`
    case 'signaled':
      return `was killed by SIG${outcome.signal}${outcome.hasCoreDumped ? ' (core dumped)' : ''}`
    case 'notStarted':
      return `did not start: ${outcome.message}`
    default:
      return `ended, and nobody knows how: ${outcome.reason}`
  }
}
