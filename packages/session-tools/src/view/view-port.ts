import {
  createEventSource,
  type ExitOutcome,
  type OutputName,
  type ProcessCommand,
  type ProcessEvent,
  type ProcessPort,
} from '@hawse/core'
import { NewestOutput } from './newest-output'

/** Whoever a view is a view of. */
export interface ViewOwner {
  /** The view was asked to start; answered by `begin` or `failStart`, now or later. */
  readonly started: () => void
  /** Whether its reader wants output, whenever that changes. */
  readonly paused: (isPaused: boolean) => void
  /** Any other command of its reader. */
  readonly asked: (command: ProcessCommand) => void
  /** The line that tells of bytes that the reader was too slow for. */
  readonly gap: (droppedBytes: number) => Uint8Array
}

/**
 * A process port for one of several who look at a process. It keeps the rules of the port whatever its owner and its
 * reader do: what a paused reader is shown waits, up to a bound, and an output ends behind what waits.
 */
export class ViewPort implements ProcessPort {
  readonly event$
  readonly #owner: ViewOwner
  readonly #source = createEventSource<ProcessEvent>()
  readonly #waiting: NewestOutput
  readonly #open = new Set<OutputName>()
  readonly #ending = new Set<OutputName>()
  #phase: 'made' | 'starting' | 'running' | 'over' = 'made'
  #isTerminal = false
  #isPaused = false
  #isFlushing = false
  #hasExited = false
  #toldDroppedBytes = 0

  constructor(owner: ViewOwner, maximumWaitingBytes: number) {
    this.event$ = this.#source.event$
    this.#owner = owner
    this.#waiting = new NewestOutput(maximumWaitingBytes)
  }

  /** Whether its reader still listens. */
  get isOver(): boolean {
    return this.#phase === 'over'
  }

  /** Whether its reader wants no output now. */
  get isPaused(): boolean {
    return this.#isPaused
  }

  perform(command: ProcessCommand): void {
    if (this.#phase === 'over') return
    switch (command.type) {
      case 'process.start':
        return this.#start()
      case 'process.pauseOutput':
      case 'process.resumeOutput':
        return this.#pause(command.type === 'process.pauseOutput')
      case 'process.lendOutput':
        // What is kept for others is not given away.
        return undefined
      default:
        return this.#owner.asked(command)
    }
  }

  /** The process runs. */
  begin(started: Omit<ProcessEvent & { readonly type: 'process.started' }, 'type'>): void {
    if (this.#phase !== 'starting') return
    this.#phase = 'running'
    this.#isTerminal = started.isTerminal
    for (const output of started.outputs) this.#open.add(output)
    this.#source.emit({ ...started, type: 'process.started' })
  }

  /** There is nothing to look at. */
  failStart(failed: ProcessEvent & { readonly type: 'process.startFailed' }): void {
    if (this.#phase !== 'starting') return
    this.#source.emit(failed)
    this.#end()
  }

  /** Shows bytes, which are the reader's from now on. */
  show(output: OutputName, bytes: Uint8Array): void {
    if (this.#phase !== 'running' || !this.#open.has(output) || this.#ending.has(output)) return
    if (this.#isPaused || this.#isFlushing || !this.#waiting.isEmpty) {
      this.#waiting.add(output, bytes)
    } else this.#emitOutput(output, bytes)
  }

  /** Shows a line of the owner's own: on stderr, or where that is, the terminal. */
  say(text: string): void {
    const output = this.#open.has('stderr') ? 'stderr' : 'stdout'
    this.show(output, noticeLine(text, this.#isTerminal))
  }

  /** An output has ended, behind what waits of it. */
  endOutput(output: OutputName): void {
    if (!this.#open.has(output)) return
    this.#ending.add(output)
    this.#flush()
  }

  /** The process has exited. */
  exit(outcome: ExitOutcome): void {
    if (this.#phase !== 'running' || this.#hasExited) return
    this.#hasExited = true
    this.#source.emit({ type: 'process.exited', outcome })
    this.#endIfDone()
  }

  /** The reader's part is over: it is told this outcome, and the end of every output. */
  finish(outcome: ExitOutcome, { isCut = false }: { readonly isCut?: boolean } = {}): void {
    this.exit(outcome)
    for (const output of [...this.#open]) if (isCut) this.close(output)
    for (const output of [...this.#open]) this.endOutput(output)
  }

  /** The reader wants no more of an output: it ends, whatever waits of it. */
  close(output: OutputName): void {
    if (!this.#open.has(output)) return
    this.#waiting.forget(output)
    this.#endNow(output)
  }

  /** Bytes of the reader's input were taken. */
  acknowledge(byteCount: number): void {
    if (this.#phase !== 'running' || byteCount === 0) return
    this.#source.emit({ type: 'process.inputWritten', byteCount })
  }

  /** No input is taken any more. */
  closeInput(): void {
    if (this.#phase === 'running') this.#source.emit({ type: 'process.inputClosed' })
  }

  #start(): void {
    if (this.#phase !== 'made') return
    this.#phase = 'starting'
    this.#owner.started()
  }

  #pause(isPaused: boolean): void {
    if (this.#isPaused === isPaused) return
    this.#isPaused = isPaused
    this.#flush()
    // A reader that paused again in the middle of what waited is still behind.
    if (this.#isPaused === isPaused) this.#owner.paused(isPaused)
  }

  /** Once at a time: a reader that resumes while it is shown something is not overtaken. */
  #flush(): void {
    if (this.#isFlushing) return
    this.#isFlushing = true
    while (!this.#isPaused && !this.#waiting.isEmpty) {
      this.#tellGap()
      const piece = this.#waiting.shift()
      if (piece !== undefined) this.#emitOutput(piece.output, piece.bytes)
    }
    this.#isFlushing = false
    if (!this.#waiting.isEmpty) return
    for (const output of [...this.#ending]) this.#endNow(output)
  }

  #tellGap(): void {
    const droppedBytes = this.#waiting.droppedBytes - this.#toldDroppedBytes
    if (droppedBytes === 0) return
    this.#toldDroppedBytes = this.#waiting.droppedBytes
    const output = this.#open.has('stderr') ? 'stderr' : 'stdout'
    this.#emitOutput(output, this.#owner.gap(droppedBytes))
  }

  #emitOutput(output: OutputName, bytes: Uint8Array): void {
    if (this.#open.has(output)) this.#source.emit({ type: 'process.output', output, bytes })
  }

  #endNow(output: OutputName): void {
    this.#ending.delete(output)
    if (!this.#open.delete(output)) return
    this.#source.emit({ type: 'process.outputEnded', output })
    this.#endIfDone()
  }

  #endIfDone(): void {
    if (this.#hasExited && this.#open.size === 0) this.#end()
  }

  #end(): void {
    if (this.#phase === 'over') return
    this.#phase = 'over'
    this.#source.complete()
  }
}

/** A line that is not of the process; on a terminal it begins a line of its own. */
export function noticeLine(text: string, isTerminal: boolean): Uint8Array {
  return new TextEncoder().encode(isTerminal ? `\r\n[${text}]\r\n` : `[${text}]\n`)
}
