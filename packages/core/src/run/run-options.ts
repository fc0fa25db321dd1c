import type { AbortSignalLike } from '../platform/abort'
import type { ByteSink } from './byte-sink'
import type { ByteSource } from './byte-source'
import type { EndingDelays } from './ending'
import type { RunEncoding } from './run-result'

/** Choices for `run` and `runPipeline`. */
export interface RunOptions<Encoding extends RunEncoding = 'utf8'> extends EndingDelays {
  /** The input: text (UTF-8), bytes or a source. Nothing: it is empty. A terminal is not told where the input ends. */
  readonly input?: string | Uint8Array | ByteSource
  /** Where stdout goes; gathered into the result when not given. */
  readonly stdout?: ByteSink
  /** Where stderr goes; gathered into the result when not given. */
  readonly stderr?: ByteSink
  /** Whether the result has text (`utf8`, the default) or `bytes`. */
  readonly encoding?: Encoding
  /** Most bytes to gather of each output; one more ends the process, `OUTPUT_LIMIT_EXCEEDED`. 16 MiB by default. */
  readonly maximumBufferBytes?: number
  /** Milliseconds that the process may take; then it is ended, `PROCESS_TIMED_OUT`. No limit by default. */
  readonly timeoutMs?: number
  /** Ends the process when aborted, `PROCESS_ABORTED`; what is aborted already is not started. */
  readonly signal?: AbortSignalLike
  /** Whether a failure rejects with a `RunError`; true by default. False: it is `failure` in the result. */
  readonly shouldReject?: boolean
  /** What to call the process in messages, such as its command line; `the process` by default. */
  readonly command?: string
  /** As `redirect` has it. */
  readonly highWaterMarkBytes?: number
}

/** Choices for `runPipeline`: `input` is of the first process, `stdout` of the last, `stderr` is gathered of each. */
export interface PipelineOptions<Encoding extends RunEncoding = 'utf8'> extends Omit<
  RunOptions<Encoding>,
  'command' | 'stderr'
> {
  /** What to call the processes in messages, in order. */
  readonly commands?: readonly string[]
}
