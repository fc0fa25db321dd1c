import { asyncScheduler, timer } from 'rxjs'
import type { OutputName, ProcessPort } from '../ports/process-port'
import { bytePipe } from './byte-pipe'
import type { ByteSink } from './byte-sink'
import { fromBytes, type ByteSource } from './byte-source'
import { GatheredBytes } from './gathered-bytes'
import type { ProcessEnd } from './process-end'
import { requireLimit } from './require-limit'
import { redirect, type ProcessStreams, type Redirection } from './redirect'
import type { RunOptions } from './run-options'
import type { RunEncoding, RunEndedBy } from './run-result'

/** What several processes did that ran together, each one's stdout being the input of the next. */
export interface StagesEnd {
  readonly stages: readonly StageEnd[]
  readonly endedBy: RunEndedBy
  readonly durationMs: number
}

/** What one of them did, and what was gathered of it. */
export interface StageEnd {
  readonly end: ProcessEnd
  /** More than how many bytes it wrote to which output, where that ended the run. */
  readonly limit: string | undefined
  readonly stdout: Uint8Array
  readonly stderr: Uint8Array
}

type StagesOptions = RunOptions<RunEncoding>

const defaultMaximumBufferBytes = 16 * 1024 * 1024

/** Starts processes together and waits for all; the first cause to end them ends them all. */
export async function runStages(
  processes: readonly ProcessPort[],
  options: StagesOptions,
): Promise<StagesEnd> {
  const { maximumBufferBytes = defaultMaximumBufferBytes, scheduler = asyncScheduler } = options
  requireLimit('maximumBufferBytes', maximumBufferBytes)
  requireLimit('timeoutMs', options.timeoutMs ?? 0)
  if (options.signal?.aborted === true) return neverStarted(processes, options)
  const startedAtMs = scheduler.now()
  const run = new StagesRun(maximumBufferBytes)
  run.start(processes, options)
  const stopWatching = watchForCauses(options, (cause) => run.end(cause))
  const stages = await run.ended()
  stopWatching()
  return { stages, endedBy: run.endedBy, durationMs: scheduler.now() - startedAtMs }
}

class StagesRun {
  endedBy: RunEndedBy = 'process'
  /** By the number of the process. */
  readonly #limits = new Map<number, string>()
  readonly #stages: Stage[] = []
  readonly #maximumBufferBytes: number

  constructor(maximumBufferBytes: number) {
    this.#maximumBufferBytes = maximumBufferBytes
  }

  start(processes: readonly ProcessPort[], options: StagesOptions): void {
    let stdin = sourceOf(options.input)
    processes.forEach((process, index) => {
      const isLast = index === processes.length - 1
      const pipe = bytePipe()
      const stdout = isLast ? (options.stdout ?? this.#gather('stdout', index)) : pipe.sink
      const stderr = options.stderr ?? this.#gather('stderr', index)
      const streams = { ...(stdin && { stdin }), stdout, stderr }
      const redirection = redirect(process, streams, {
        ...options,
        onStreamFailure: () => this.end('stream'),
      })
      this.#stages.push({ redirection, streams })
      // One that starts may end what was started before it, and so itself.
      if (this.endedBy !== 'process') redirection.end()
      stdin = pipe.source
    })
  }

  /** The first cause counts. */
  end(cause: RunEndedBy): void {
    if (this.endedBy !== 'process') return
    this.endedBy = cause
    for (const { redirection } of this.#stages) redirection.end()
  }

  ended(): Promise<readonly StageEnd[]> {
    return Promise.all(
      this.#stages.map(async ({ redirection, streams }, index) => ({
        end: await redirection.ended,
        limit: this.#limits.get(index),
        stdout: gatheredIn(streams.stdout),
        stderr: gatheredIn(streams.stderr),
      })),
    )
  }

  #gather(name: OutputName, index: number): GatheredBytes {
    const maximumBytes = this.#maximumBufferBytes
    return new GatheredBytes(maximumBytes, () => {
      if (this.endedBy === 'process')
        this.#limits.set(index, `more than ${maximumBytes} bytes to ${name}`)
      this.end('limit')
    })
  }
}

interface Stage {
  readonly redirection: Redirection
  readonly streams: ProcessStreams
}

function gatheredIn(sink: ByteSink | undefined): Uint8Array {
  return sink instanceof GatheredBytes ? sink.bytes() : new Uint8Array(0)
}

function sourceOf(input: StagesOptions['input']): ByteSource | undefined {
  const isData = typeof input === 'string' || input instanceof Uint8Array
  return isData ? fromBytes(input) : input
}

/** Watches the time and the abort signal; gives back what stops watching. */
function watchForCauses(
  { timeoutMs, signal, scheduler = asyncScheduler }: StagesOptions,
  end: (cause: RunEndedBy) => void,
): () => void {
  const abort = (): void => end('abort')
  signal?.addEventListener('abort', abort)
  const time = timeoutMs === undefined ? undefined : timer(timeoutMs, scheduler)
  const subscription = time?.subscribe(() => end('timeout'))
  return () => {
    signal?.removeEventListener('abort', abort)
    subscription?.unsubscribe()
  }
}

function neverStarted(processes: readonly ProcessPort[], options: StagesOptions): StagesEnd {
  const message = 'it was aborted before its start'
  for (const sink of [options.stdout, options.stderr]) sink?.abort(options.signal?.reason)
  sourceOf(options.input)?.cancel()
  const nothing = new Uint8Array(0)
  const end: ProcessEnd = {
    outcome: { kind: 'notStarted', failure: 'failed', message },
    traffic: { stdinBytes: 0, stdoutBytes: 0, stderrBytes: 0, droppedBytes: 0 },
    streamFailure: undefined,
    closedOutputs: [],
  }
  const stages = processes.map(() => ({ end, limit: undefined, stdout: nothing, stderr: nothing }))
  return { stages, endedBy: 'abort', durationMs: 0 }
}
