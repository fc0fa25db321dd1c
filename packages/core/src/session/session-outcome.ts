import type { ExitOutcome } from '../ports/exit-outcome'

/** Who ended a session. */
export type EndedBy =
  /** The process exited of itself. */
  | 'process'
  /** The remote end closed the channel. */
  | 'peerClose'
  /** The connection under the channel went away. */
  | 'connectionLost'
  /** A time limit. */
  | 'timeout'
  /** The owner of the server: a refusal, `close()`, an abort. */
  | 'policy'
  /** A handler, a producer or a tap threw, or the program could not be started. */
  | 'failed'

/** Bytes that passed, and bytes that could not. */
export interface Traffic {
  /** Input that the process took. */
  readonly stdinBytes: number
  /** Standard output handed to the channel. */
  readonly stdoutBytes: number
  /** Standard error handed to the channel. */
  readonly stderrBytes: number
  /** Input that no process took: it had closed its input, or exited, or the client sent it after EOF. */
  readonly droppedInputBytes: number
  /** Output that could not be sent: the client had closed, or the connection was lost. */
  readonly droppedOutputBytes: number
}

/** How a session ended and why: one value for logs, metrics and decisions. */
export interface SessionOutcome {
  readonly endedBy: EndedBy
  /** One line for people. */
  readonly reason: string
  /** How the process ended; `null` when none was started. */
  readonly exit: ExitOutcome | null
  /** Whether output was cut short by the drain time limit. */
  readonly isOutputTruncated: boolean
  readonly traffic: Traffic
}

/** Who ends the session, as long as nobody else does first. */
export interface Ending {
  readonly endedBy: EndedBy
  readonly reason: string
}

/** Whoever ends a session first has ended it; that the process does is assumed until then. */
export function firstEnding(before: Ending, now: Ending): Ending {
  return before.endedBy === 'process' ? now : before
}

/** The counts with more of one kind. */
export function addTraffic(traffic: Traffic, kind: keyof Traffic, byteCount: number): Traffic {
  const { stdinBytes, stdoutBytes, stderrBytes, droppedInputBytes, droppedOutputBytes } = traffic
  const sum = { stdinBytes, stdoutBytes, stderrBytes, droppedInputBytes, droppedOutputBytes }
  sum[kind] += byteCount
  return sum
}

/** No byte has passed yet. */
export const noTraffic: Traffic = {
  stdinBytes: 0,
  stdoutBytes: 0,
  stderrBytes: 0,
  droppedInputBytes: 0,
  droppedOutputBytes: 0,
}
