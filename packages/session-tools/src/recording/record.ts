import { asyncScheduler, type SchedulerLike } from 'rxjs'
import {
  outcomeInWords,
  type ByteSink,
  type ExitOutcome,
  type ProcessCommand,
  type ProcessEvent,
  type ProcessPort,
  type TerminalRequest,
  type TerminalSize,
} from '@hawse/core'
import { ProcessFacts } from '../process-facts'
import { requireAmounts } from '../require-amount'
import { mergedScreenSize, usualScreenSize, type ScreenSize } from '../screen-size'
import { tellSafely } from '../tell-safely'
import { tapProcess } from '../tap-process'
import { Recording } from './recording'

/** Choices for `record`. */
export interface RecordOptions {
  /** Where the recording goes, such as `toFile` of `@hawse/node-streams`. It is ended behind the last event. */
  readonly to: ByteSink
  /** Told of the first error of the sink, once. The session runs on without its recording; end it here if it must not. */
  readonly onError: (error: unknown) => void
  /** The terminal of the request: the size of the screen and TERM; 80x24 and nothing without one. */
  readonly pty?: TerminalRequest | undefined
  /** SHELL of the header. */
  readonly shell?: string | undefined
  /** Title of the recording. */
  readonly title?: string | undefined
  /** Command of the header. */
  readonly command?: string | undefined
  /** Whether what is typed is recorded too; false by default, for it holds passwords. */
  readonly isInputRecorded?: boolean
  /** Bytes that may wait for the sink; what comes beyond is dropped and told by a marker. 1 MiB by default. */
  readonly maximumWaitingBytes?: number
  /** The clock; that of RxJS by default. */
  readonly scheduler?: SchedulerLike
}

/** A process that is recorded. */
export interface RecordedProcess extends ProcessPort {
  /** Resolves when the recording is over: all of it is in its sink, or that has failed. Never rejects. */
  readonly recorded: Promise<RecordingEnd>
}

/** How a recording ended. */
export interface RecordingEnd {
  /** Whether everything that happened is in the recording. */
  readonly isComplete: boolean
  /** Bytes of input and output that were dropped, for the sink was too slow. */
  readonly droppedBytes: number
}

const defaultMaximumWaitingBytes = 1024 * 1024

/**
 * Records a process as an asciicast (version 2): its outputs, both as `o`, changes of the size of the screen, a marker
 * with the outcome at the end, and its input where asked for. The process is neither slowed nor changed.
 *
 * The recording begins with `process.start`. Throws `INVALID_ARGUMENT` for a bound that is none.
 */
export function record(process: ProcessPort, options: RecordOptions): RecordedProcess {
  requireAmounts({ maximumWaitingBytes: options.maximumWaitingBytes })
  const recorder = new Recorder(options)
  const port = tapProcess(process, {
    heard: (event) => recorder.hear(event),
    asked: (command) => recorder.see(command),
  })
  return { ...port, recorded: recorder.recorded }
}

/** Makes events of a recording of what is told and asked. */
class Recorder {
  readonly recorded: Promise<RecordingEnd>
  readonly #options: RecordOptions
  readonly #recording: Recording
  readonly #facts = new ProcessFacts()
  #size: ScreenSize
  #isAsked = false
  #outcome: ExitOutcome | undefined
  #hasFailed = false

  constructor(options: RecordOptions) {
    const { maximumWaitingBytes = defaultMaximumWaitingBytes, scheduler = asyncScheduler } = options
    this.#options = options
    this.#size = mergedScreenSize(undefined, options.pty?.size ?? usualScreenSize)
    const nowMs = (): number => scheduler.now()
    this.#recording = new Recording(options.to, maximumWaitingBytes, nowMs, (error) => {
      this.#hasFailed = true
      tellSafely(() => options.onError(error))
    })
    this.recorded = this.#recording.finished.then(() => {
      const { droppedBytes } = this.#recording
      return { isComplete: !this.#hasFailed && droppedBytes === 0, droppedBytes }
    })
  }

  see(command: ProcessCommand): void {
    if (command.type === 'process.start') this.#begin()
    if (command.type === 'process.resize') this.#resize(command.size)
    if (command.type === 'process.write' && this.#options.isInputRecorded === true) {
      if (this.#facts.phase !== 'over') this.#recording.add('i', 'stdin', command.bytes)
    }
  }

  hear(event: ProcessEvent): void {
    this.#facts.note(event)
    switch (event.type) {
      case 'process.started':
        return this.#recording.noteTerminal(event.isTerminal)
      case 'process.startFailed':
        this.#begin()
        return this.#recording.finish(outcomeInWords({ kind: 'notStarted', ...event }))
      case 'process.output':
        return this.#recording.add('o', event.output, event.bytes)
      case 'process.outputEnded':
        this.#recording.endStream(event.output)
        return this.#finishIfOver()
      case 'process.exited':
        this.#outcome = event.outcome
        return this.#finishIfOver()
      default:
        return undefined
    }
  }

  #begin(): void {
    if (this.#isAsked) return
    this.#isAsked = true
    const { pty, shell, title, command } = this.#options
    const env = { ...(pty && { TERM: pty.term }), ...(shell !== undefined && { SHELL: shell }) }
    this.#recording.begin({ size: this.#size, title, command, env })
  }

  #resize(size: TerminalSize): void {
    this.#size = mergedScreenSize(this.#size, size)
    if (this.#facts.isTerminal && !this.#facts.hasExited) this.#recording.resize(this.#size)
  }

  #finishIfOver(): void {
    if (this.#facts.phase !== 'over' || this.#outcome === undefined) return
    this.#recording.finish(outcomeInWords(this.#outcome))
  }
}
