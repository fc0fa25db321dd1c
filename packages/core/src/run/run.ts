import { decodeUtf8 } from '../platform/text'
import type { ProcessPort } from '../ports/process-port'
import { failureOf } from './run-failure'
import type { PipelineOptions, RunOptions } from './run-options'
import {
  RunError,
  type Decoded,
  type PipelineResult,
  type RunEncoding,
  type RunResult,
} from './run-result'
import { runStages, type StageEnd, type StagesEnd } from './run-stages'

/**
 * Runs a process of any kind to its end and gathers its outputs.
 *
 * Resolves when it exited with 0. Everything else rejects with a `RunError` that has the same result: `PROCESS_FAILED`,
 * `PROCESS_NOT_STARTED`, `PROCESS_TIMED_OUT`, `PROCESS_ABORTED`, `OUTPUT_LIMIT_EXCEEDED`, `STREAM_FAILED`; with
 * `shouldReject: false` it resolves, and `failure` says so. Rejects with `INVALID_ARGUMENT` for a limit that is none.
 *
 * @example
 * const { stdout } = await run(childProcess(['sort']), { input: 'b\na\n', timeoutMs: 10_000 })
 */
export async function run<Encoding extends RunEncoding = 'utf8'>(
  process: ProcessPort,
  options: RunOptions<Encoding> = {},
): Promise<RunResult<Encoding>> {
  const { command = 'the process', ...rest } = options
  const { stages } = await runAll([process], rest, [command])
  // One process, one result.
  return stages[0] as RunResult<Encoding>
}

/**
 * Runs processes together, the stdout of each being the input of the next, as `a | b | c` in a shell.
 *
 * The status of each is kept. Resolves when every one succeeded (`pipefail`); one that SIGPIPE ended because the next
 * had enough counts as a success. Else it rejects as `run` does, with the last process that failed (or the one because
 * of which all were ended); while none is over its limits, all run to their own end. What a process writes waits for the next one to read: memory is bounded.
 *
 * @example
 * const { stdout } = await runPipeline([childProcess(['yes']), childProcess(['head', '-1'])])
 */
export async function runPipeline<Encoding extends RunEncoding = 'utf8'>(
  processes: readonly [ProcessPort, ...ProcessPort[]],
  options: PipelineOptions<Encoding> = {},
): Promise<PipelineResult<Encoding>> {
  const { commands = [], ...rest } = options
  const names = processes.map((_, index) => commands[index] ?? `process ${index + 1}`)
  return runAll(processes, rest, names)
}

async function runAll<Encoding extends RunEncoding>(
  processes: readonly ProcessPort[],
  options: RunOptions<Encoding>,
  commands: readonly string[],
): Promise<PipelineResult<Encoding>> {
  const ended = await runStages(processes, options)
  const stages = ended.stages.map((stage, index) =>
    resultOf(stage, ended, commands[index] ?? '', options),
  )
  const failed = failedStage(ended, stages)
  if (failed?.failure !== undefined && options.shouldReject !== false)
    throw new RunError(failed.failure, failed, stages)
  const stdout = stages.at(-1)?.stdout ?? decode(new Uint8Array(0), options)
  const { endedBy, durationMs } = ended
  return { stages, stdout, endedBy, failure: failed?.failure, durationMs }
}

/** The one for which all were ended, else the last that failed. */
function failedStage<Encoding extends RunEncoding>(
  ended: StagesEnd,
  stages: readonly RunResult<Encoding>[],
): RunResult<Encoding> | undefined {
  const culprit = ended.stages.findIndex(
    ({ end, limit }) => end.streamFailure !== undefined || limit !== undefined,
  )
  return stages[culprit] ?? stages.filter(({ failure }) => failure !== undefined).at(-1)
}

function resultOf<Encoding extends RunEncoding>(
  { end, limit, stdout, stderr }: StageEnd,
  { endedBy, durationMs }: StagesEnd,
  command: string,
  options: RunOptions<Encoding>,
): RunResult<Encoding> {
  const { timeoutMs, signal } = options
  const stderrText = decodeUtf8(stderr)
  const abortReason = signal?.reason
  const facts = { command, end, endedBy, timeoutMs, limit, abortReason, stderrText }
  return {
    command,
    outcome: end.outcome,
    endedBy,
    failure: failureOf(facts),
    stdout: decode(stdout, options),
    stderr: decode(stderr, options),
    traffic: end.traffic,
    durationMs,
  }
}

function decode<Encoding extends RunEncoding>(
  bytes: Uint8Array,
  { encoding }: RunOptions<Encoding>,
): Decoded<Encoding> {
  return (encoding === 'bytes' ? bytes : decodeUtf8(bytes)) as Decoded<Encoding>
}
