import type { ErrorCode } from '../errors/error-code'
import { HawseError } from '../errors/hawse-error'
import type { ProcessOutcome, RunTraffic } from './process-end'

/** Why a run ended: by itself, or because its time, its abort signal, a limit or a stream ended it. */
export type RunEndedBy = 'process' | 'timeout' | 'abort' | 'limit' | 'stream'

/** How outputs are given: text in UTF-8, or bytes. */
export type RunEncoding = 'utf8' | 'bytes'

/** What an output is in an encoding. */
export type Decoded<Encoding extends RunEncoding> = Encoding extends 'bytes' ? Uint8Array : string

/** Why a run is no success. */
export interface RunFailure {
  readonly code: ErrorCode
  /** The command, the outcome, and the last lines of stderr. */
  readonly message: string
  /** What was caught, where a stream failed, or the reason of the abort signal. */
  readonly cause?: unknown
}

/** What a process did, whatever kind of process it is. */
export interface RunResult<Encoding extends RunEncoding = 'utf8'> {
  /** The name that the options gave it. */
  readonly command: string
  readonly outcome: ProcessOutcome
  readonly endedBy: RunEndedBy
  /** Undefined where it is a success: it exited with 0, of itself. */
  readonly failure: RunFailure | undefined
  /** What it wrote and was gathered; empty where the output went to a sink. */
  readonly stdout: Decoded<Encoding>
  readonly stderr: Decoded<Encoding>
  readonly traffic: RunTraffic
  /** Milliseconds from the start to the end of the last stream. */
  readonly durationMs: number
}

/** What the processes of a pipeline did. */
export interface PipelineResult<Encoding extends RunEncoding = 'utf8'> {
  /** One result for each process, in order. */
  readonly stages: readonly RunResult<Encoding>[]
  /** What the last one wrote. */
  readonly stdout: Decoded<Encoding>
  readonly endedBy: RunEndedBy
  /** The failure of the last process that failed; undefined where none did. */
  readonly failure: RunFailure | undefined
  readonly durationMs: number
}

/** The error of a run: what is known of a process that did not start, did not succeed, or was ended. */
export class RunError extends HawseError {
  /** The process that failed, with everything that was gathered. */
  readonly result: RunResult<RunEncoding>
  /** All processes of the pipeline; of a single process, that one. */
  readonly stages: readonly RunResult<RunEncoding>[]

  constructor(
    { code, message, cause }: RunFailure,
    result: RunResult<RunEncoding>,
    stages: readonly RunResult<RunEncoding>[],
  ) {
    super(code, message, { cause })
    this.result = result
    this.stages = stages
  }
}

/** Whether a value is a `RunError`, also one from another copy of this package. */
export function isRunError(value: unknown): value is RunError {
  return (
    value instanceof Error && value.name === 'HawseError' && 'result' in value && 'stages' in value
  )
}
