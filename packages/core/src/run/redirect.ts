import type { Subscription } from 'rxjs'
import { HawseError } from '../errors/hawse-error'
import { unreported } from '../ports/exit-outcome'
import type { OutputName, ProcessEvent, ProcessPort } from '../ports/process-port'
import { watchProcess } from '../streams/watch-process'
import { discard, type ByteSink } from './byte-sink'
import type { ByteSource } from './byte-source'
import { endingOf, type Ending, type EndingDelays } from './ending'
import { InputPump } from './input-pump'
import { OutputGate } from './output-gate'
import type { ProcessEnd, ProcessOutcome, StreamFailure } from './process-end'
import { requireLimit } from './require-limit'

/** Where the streams of a process come from and go to. */
export interface ProcessStreams {
  /** None: the input is empty. */
  readonly stdin?: ByteSource
  /** None: the output is read and dropped, so that a process never waits for a reader that is not there. */
  readonly stdout?: ByteSink
  /** The same; the sink of `stdout` again joins both, in the order in which they arrive. */
  readonly stderr?: ByteSink
}

/** Choices for `redirect`. */
export interface RedirectOptions extends EndingDelays {
  /**
   * Bytes of one output that may wait for its sink; one more, and the process is paused, with both its outputs, until
   * a quarter is left. 65536 by default.
   */
  readonly highWaterMarkBytes?: number
  /** Told of a source or sink that failed, once; the process is being ended by then. */
  readonly onStreamFailure?: (failure: StreamFailure) => void
}

/** A process that runs with its streams redirected. */
export interface Redirection {
  /** Resolves when the process is over and every sink has what it gets. Never rejects: failures are in the value. */
  readonly ended: Promise<ProcessEnd>
  /** Ends the process by the stated delays: the signal, KILL, `process.disconnect`. */
  end(): void
}

/**
 * Starts a process with its streams from sources and to sinks, with back-pressure, and keeps its status.
 *
 * A sink whose reader goes away closes its output: the process gets SIGPIPE, as in a shell. A source or sink that fails
 * ends the process, because what it read or wrote is not all. Nobody else may start the process or write to it; signals
 * and sizes may be sent by its port. Throws `INVALID_ARGUMENT` for a water mark that is none.
 */
export function redirect(
  process: ProcessPort,
  streams: ProcessStreams = {},
  options: RedirectOptions = {},
): Redirection {
  requireLimit('highWaterMarkBytes', options.highWaterMarkBytes ?? 0)
  const running = new RunningRedirection(process, streams, options)
  return { ended: running.ended, end: () => running.end() }
}

class RunningRedirection {
  readonly ended: Promise<ProcessEnd>
  readonly #process: ProcessPort
  readonly #input: InputPump | undefined
  readonly #gate: OutputGate
  readonly #ending: Ending
  readonly #onStreamFailure: (failure: StreamFailure) => void
  readonly #subscription: Subscription
  readonly #open = new Set<OutputName>(['stdout', 'stderr'])
  #phase: 'starting' | 'running' | 'closing' | 'over' = 'starting'
  #outcome: ProcessOutcome | undefined
  #streamFailure: StreamFailure | undefined
  #settle: (end: ProcessEnd) => void = () => undefined

  constructor(process: ProcessPort, streams: ProcessStreams, options: RedirectOptions) {
    this.ended = new Promise((resolve) => (this.#settle = resolve))
    this.#process = process
    this.#onStreamFailure = options.onStreamFailure ?? (() => undefined)
    this.#input = streams.stdin && this.#pumpInput(streams.stdin)
    const { stdout = discard(), stderr = discard() } = streams
    this.#gate = new OutputGate(process, { stdout, stderr }, options, (name, error) =>
      this.#fail({ stream: name, error }),
    )
    this.#ending = endingOf(process, options, {
      released: () => this.#gate.abandon(outputCut()),
      givenUp: () => this.#giveUp(),
    })
    const hear = (event: ProcessEvent): void => this.#hear(event)
    this.#subscription = watchProcess(process, hear, hear)
    process.perform({ type: 'process.start' })
  }

  end(): void {
    if (this.#phase === 'over') return
    this.#input?.close()
    this.#ending.begin()
  }

  #hear(event: ProcessEvent): void {
    switch (event.type) {
      case 'process.started':
        return this.#start(event.outputs)
      case 'process.startFailed':
        return this.#failStart({ ...event, kind: 'notStarted' })
      case 'process.output':
        return this.#gate.receive(event.output, event.bytes)
      case 'process.outputEnded':
        return this.#endOutput(event.output)
      case 'process.inputWritten':
        return this.#input?.acknowledge(event.byteCount)
      case 'process.inputClosed':
        return this.#input?.close()
      case 'process.exited':
        this.#outcome ??= event.outcome
        this.#ending.noteExit()
        return this.#closeIfDone()
    }
  }

  #start(outputs: readonly OutputName[]): void {
    if (this.#phase !== 'starting') return
    this.#phase = 'running'
    for (const name of [...this.#open]) if (!outputs.includes(name)) this.#endOutput(name)
    if (this.#input === undefined) this.#process.perform({ type: 'process.closeInput' })
    else void this.#input.flow()
  }

  #failStart({ kind, failure, message }: ProcessOutcome & { readonly kind: 'notStarted' }): void {
    if (this.#phase !== 'starting') return
    this.#phase = 'running'
    this.#outcome = { kind, failure, message }
    for (const name of [...this.#open]) this.#endOutput(name)
  }

  #endOutput(name: OutputName): void {
    if (!this.#open.delete(name)) return
    this.#gate.finish(name)
    this.#closeIfDone()
  }

  #closeIfDone(): void {
    if (this.#outcome !== undefined && this.#open.size === 0) void this.#close(this.#outcome)
  }

  /** The process is over; its sinks may still be busy with what they got. */
  async #close(outcome: ProcessOutcome): Promise<void> {
    if (this.#phase === 'closing' || this.#phase === 'over') return
    this.#phase = 'closing'
    this.#input?.close()
    await this.#gate.finished
    this.#phase = 'over'
    this.#ending.stop()
    this.#subscription.unsubscribe()
    this.#settle({
      outcome,
      traffic: { stdinBytes: this.#input?.takenBytes ?? 0, ...this.#gate.traffic() },
      streamFailure: this.#streamFailure,
      closedOutputs: this.#gate.closedOutputs,
    })
  }

  #giveUp(): void {
    this.#gate.abandon(outputCut())
    void this.#close(this.#outcome ?? unreported('it did not end when it was told to'))
  }

  #fail(failure: StreamFailure): void {
    if (this.#streamFailure !== undefined) return
    this.#streamFailure = failure
    this.end()
    this.#onStreamFailure(failure)
  }

  #pumpInput(source: ByteSource): InputPump {
    return new InputPump(source, {
      write: (bytes) => this.#process.perform({ type: 'process.write', bytes }),
      close: () => this.#process.perform({ type: 'process.closeInput' }),
      fail: (error) => this.#fail({ stream: 'stdin', error }),
    })
  }
}

/** What a sink is told that does not get everything. */
function outputCut(): HawseError {
  return new HawseError(
    'STREAM_FAILED',
    'the process was told to end, and its output given up before all of it was taken',
  )
}
