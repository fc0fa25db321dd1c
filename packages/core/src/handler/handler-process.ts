import { Subject } from 'rxjs'
import { HawseError, isHawseError } from '../errors/hawse-error'
import { createAbortController } from '../platform/abort'
import { callSafely } from '../platform/call-safely'
import { createEventSource } from '../ports/event-source'
import { exited, signaled, type ExitOutcome } from '../ports/exit-outcome'
import type { OutputName, ProcessCommand, ProcessEvent, ProcessPort } from '../ports/process-port'
import type { TerminalSize } from '../ports/terminal'
import { createInput } from './handler-input'
import { createOutput, type OutputControl } from './handler-output'
import type { HandlerContext } from './handler-context'

/** The part of a handler's context that the process port makes. */
export type HandlerStreams = Omit<HandlerContext, 'command' | 'args' | 'env' | 'pty'>

/** What a function needs to be run as a process. */
export interface HandlerProcessOptions {
  readonly run: (streams: HandlerStreams) => Promise<number | void> | number | void
  readonly isTerminal: boolean
  /** Bytes that may wait on each output for a client that does not read. */
  readonly maximumWaitingBytes: number
  readonly onError: (error: unknown) => void
}

const outputNames: readonly OutputName[] = ['stdout', 'stderr']

/** A running function as a process port. What it decides is what a kernel would decide. */
export class HandlerProcess implements ProcessPort {
  readonly event$
  readonly #options: HandlerProcessOptions
  readonly #source = createEventSource<ProcessEvent>()
  readonly #abort = createAbortController()
  readonly #sizes = new Subject<TerminalSize>()
  readonly #signals = new Subject<string>()
  readonly #input = createInput((byteCount) => {
    this.#emit({ type: 'process.inputWritten', byteCount })
  })
  readonly #outputs: Readonly<Record<OutputName, OutputControl>>
  #phase: 'running' | 'failing' | 'over' = 'running'

  constructor(options: HandlerProcessOptions) {
    this.#options = options
    this.event$ = this.#source.event$
    this.#outputs = { stdout: this.#createOutput('stdout'), stderr: this.#createOutput('stderr') }
  }

  perform(command: ProcessCommand): void {
    if (this.#phase === 'over') return
    switch (command.type) {
      case 'process.start':
        return void this.#start()
      case 'process.write':
        return this.#input.push(command.bytes)
      case 'process.closeInput':
        return this.#input.end()
      case 'process.closeOutput':
        return this.#outputs[command.output].close()
      case 'process.pauseOutput':
        return outputNames.forEach((name) => this.#outputs[name].pause())
      case 'process.resumeOutput':
        return outputNames.forEach((name) => this.#outputs[name].resume())
      case 'process.signal':
        return this.#receive(command.signal)
      case 'process.resize':
        return this.#sizes.next(command.size)
      case 'process.sendBreak':
      case 'process.lendOutput':
        // A function has no line to break, and writes memory of its own.
        return undefined
      case 'process.disconnect':
        return this.#disconnect()
    }
  }

  async #start(): Promise<void> {
    const { isTerminal, run } = this.#options
    this.#emit({ type: 'process.started', outputs: outputNames, isTerminal })
    try {
      const code = exitCodeOf(await run(this.#streams()))
      await this.#drain()
      // A program that wrote too much has failed, whatever it returns while that is being told.
      if (this.#phase === 'running') this.#exit(exited(code))
    } catch (error) {
      await this.#fail(error)
    }
  }

  /** As a kernel: a write that nobody reads kills by SIGPIPE; anything else thrown is a failed program. */
  async #fail(error: unknown): Promise<void> {
    if (this.#phase !== 'running') return
    this.#phase = 'failing'
    const isBrokenPipe = isHawseError(error) && error.code === 'OUTPUT_CLOSED'
    if (!isBrokenPipe) void this.#outputs.stderr.output.write('the program failed\n')
    await this.#drain()
    this.#exit(isBrokenPipe ? signaled('PIPE') : exited(1))
    // A callback that fails in its turn has nobody left to tell, and must not end the server.
    if (!isBrokenPipe)
      callSafely(
        () => this.#options.onError(error),
        () => undefined,
      )
  }

  /** What the program wrote without waiting still leaves before it has ended. */
  async #drain(): Promise<void> {
    await Promise.all(outputNames.map((name) => this.#outputs[name].drained()))
  }

  #exit(outcome: ExitOutcome): void {
    if (this.#phase === 'over') return
    for (const name of outputNames) this.#outputs[name].close()
    this.#emit({ type: 'process.exited', outcome })
    this.#phase = 'over'
    this.#input.cut()
    this.#abort.abort('the program has ended')
    this.#source.complete()
  }

  #receive(signal: string): void {
    if (signal !== 'KILL' && this.#signals.observed) this.#signals.next(signal)
    else this.#exit(signaled(signal))
  }

  #disconnect(): void {
    this.#input.cut()
    for (const name of outputNames) this.#outputs[name].close()
    this.#abort.abort('the client has gone')
  }

  #streams(): HandlerStreams {
    return {
      stdin: this.#input.input,
      stdout: this.#outputs.stdout.output,
      stderr: this.#outputs.stderr.output,
      resize$: this.#sizes.asObservable(),
      receivedSignal$: this.#signals.asObservable(),
      signal: this.#abort.signal,
      raise: (signal) => this.perform({ type: 'process.signal', signal }),
    }
  }

  #createOutput(output: OutputName): OutputControl {
    const sink = {
      emit: (bytes: Uint8Array) => this.#emit({ type: 'process.output', output, bytes }),
      ended: () => this.#emit({ type: 'process.outputEnded', output }),
      overflowed: (error: HawseError) => void this.#fail(error),
    }
    return createOutput(sink, this.#options.maximumWaitingBytes)
  }

  #emit(event: ProcessEvent): void {
    if (this.#phase !== 'over') this.#source.emit(event)
  }
}

/** What is no exit code must not pass for success, as `NaN >>> 0` would. */
function exitCodeOf(returned: unknown): number {
  if (returned === undefined || returned === null) return 0
  if (typeof returned === 'number' && Number.isInteger(returned)) return returned
  throw new HawseError(
    'INVALID_ARGUMENT',
    `a program returned a ${typeof returned} that is no exit code; return an integer, or nothing for 0`,
  )
}
