import { asyncScheduler, Subscription, timer, type SchedulerLike } from 'rxjs'
import {
  endingOf,
  unreported,
  type Ending,
  type EndingDelays,
  type OutputName,
  type ProcessCommand,
  type ProcessEvent,
  type ProcessOutcome,
  type ProcessPort,
  type TerminalSize,
} from '@hawse/core'
import { followProcess, ProcessFacts } from '../process-facts'
import { requireAmounts } from '../require-amount'
import { InputOwners } from './input-owners'
import { NewestOutput } from './newest-output'
import { noticeLine, ViewPort } from './view-port'

/** Choices for `detachable`; the delays are those of the ending by `end` and by `maximumDetachedMs`. */
export interface DetachableOptions extends EndingDelays {
  /** Newest bytes of output that are kept, and shown to whoever attaches; 256 KiB by default. */
  readonly scrollbackBytes?: number
  /** Longest time without a client before the process is ended, in milliseconds; for ever by default. */
  readonly maximumDetachedMs?: number
}

/** A process that outlives its clients. */
export interface DetachableProcess {
  /**
   * A port for one client. Its start starts the process, or shows what is kept of its output, sets the size, and goes
   * on from there; the client before is told, and its port ends. That of a process that has ended tells how.
   */
  attach(): ProcessPort
  /** Sends the client away, with a line that says why; the process runs on. */
  detach(reason?: string): void
  /** Ends the process: the signal, KILL, disconnect, by the delays of the options. */
  end(): void
  readonly isAttached: boolean
  /** Resolves when the process and its outputs have ended, or it did not start. Never rejects. */
  readonly ended: Promise<ProcessOutcome>
}

type StartFailed = ProcessEvent & { readonly type: 'process.startFailed' }
type Started = ProcessEvent & { readonly type: 'process.started' }

const defaultScrollbackBytes = 256 * 1024

/**
 * Lets a process live on when its client goes, and another client attach to it.
 *
 * While nobody is attached the process is never made to wait; its newest output is kept. A client that leaves
 * (`process.disconnect`, or stdout closed, which OpenSSH's client may say some time before it goes) is told
 * `unreported`; no output of the process is closed by it. Its EOF closes the input of a program for good, and means
 * nothing to a terminal. A signal reaches the process. Throws `INVALID_ARGUMENT` for a bound that is none.
 */
export function detachable(
  process: ProcessPort,
  options: DetachableOptions = {},
): DetachableProcess {
  const { scrollbackBytes, maximumDetachedMs } = options
  requireAmounts({ scrollbackBytes, maximumDetachedMs })
  const kept = new KeptProcess(process, options)
  return {
    attach: () => kept.attach(),
    detach: (reason = 'detached') => kept.detach(reason),
    end: () => kept.end(),
    get isAttached() {
      return kept.isAttached
    },
    ended: kept.ended,
  }
}

class KeptProcess {
  readonly ended: Promise<ProcessOutcome>
  readonly #process: ProcessPort
  readonly #facts = new ProcessFacts()
  readonly #ending: Ending
  readonly #scheduler: SchedulerLike
  readonly #maximumDetachedMs: number | undefined
  readonly #scrollback: NewestOutput
  readonly #input = new InputOwners<ViewPort>((view, byteCount) => view.acknowledge(byteCount))
  #view: ViewPort | undefined
  #isAsked = false
  #isEndWanted = false
  #isPaused = false
  #isInputClosed = false
  #started: Started | undefined
  #startFailed: StartFailed | undefined
  #outcome: ProcessOutcome | undefined
  #expiry = Subscription.EMPTY
  #settle: (outcome: ProcessOutcome) => void = () => undefined

  constructor(process: ProcessPort, options: DetachableOptions) {
    const { scrollbackBytes = defaultScrollbackBytes, scheduler = asyncScheduler } = options
    this.ended = new Promise((resolve) => (this.#settle = resolve))
    this.#process = process
    this.#scheduler = scheduler
    this.#maximumDetachedMs = options.maximumDetachedMs
    this.#scrollback = new NewestOutput(scrollbackBytes)
    const givenUp = (): void => {
      for (const event of this.#facts.owed('it did not end when it was told to')) this.#tell(event)
    }
    this.#ending = endingOf(process, options, { released: () => undefined, givenUp })
    followProcess(process, this.#facts, (event) => this.#hear(event))
  }

  get isAttached(): boolean {
    return this.#view !== undefined && !this.#view.isOver
  }

  attach(): ProcessPort {
    let size: TerminalSize | undefined
    const view: ViewPort = new ViewPort(
      {
        started: () => this.#admit(view, size),
        paused: (isPaused) => {
          if (this.#view === view) this.#pause(isPaused)
        },
        asked: (command) => {
          if (command.type === 'process.resize' && this.#view !== view) size = command.size
          else if (this.#view === view) this.#obey(view, command)
        },
        gap: (droppedBytes) => noticeLine(`${droppedBytes} bytes are not shown`, false),
      },
      Infinity,
    )
    return view
  }

  detach(reason: string): void {
    this.#view?.say(reason)
    this.#release(reason, { isCut: false })
  }

  end(): void {
    if (this.#facts.phase === 'running') return this.#ending.begin()
    this.#isEndWanted = true
    if (this.#isAsked) return
    // Nobody has started it, and nobody will.
    this.#isAsked = true
    const message = 'the process was ended before it was started'
    this.#tell({ type: 'process.startFailed', failure: 'failed', message })
  }

  /** Tells a fact in place of the process. */
  #tell(event: ProcessEvent): void {
    this.#facts.note(event)
    this.#hear(event)
  }

  #hear(event: ProcessEvent): void {
    this.#pass(event)
    if (this.#facts.phase === 'over') this.#finish()
  }

  #pass(event: ProcessEvent): void {
    switch (event.type) {
      case 'process.started':
        this.#started = event
        this.#view?.begin(event)
        return this.#isEndWanted ? this.#ending.begin() : undefined
      case 'process.startFailed':
        this.#startFailed = event
        this.#outcome = { ...event, kind: 'notStarted' }
        return this.#view?.failStart(event)
      case 'process.output':
        this.#scrollback.add(event.output, event.bytes)
        return this.#view?.show(event.output, event.bytes)
      case 'process.outputEnded':
        return this.#view?.endOutput(event.output)
      case 'process.inputWritten':
        return this.#input.acknowledge(event.byteCount)
      case 'process.inputClosed':
        return this.#noteInputClosed()
      case 'process.exited':
        this.#outcome = event.outcome
        this.#ending.noteExit()
        return this.#view?.exit(event.outcome)
    }
  }

  #admit(view: ViewPort, size: TerminalSize | undefined): void {
    this.#expiry.unsubscribe()
    this.#view?.say('another client has attached')
    this.#release('another client has attached', { isCut: false })
    this.#expiry.unsubscribe()
    this.#view = view
    if (!this.#isAsked) {
      this.#isAsked = true
      if (size !== undefined) this.#process.perform({ type: 'process.resize', size })
      this.#process.perform({ type: 'process.start' })
    } else if (this.#startFailed !== undefined) view.failStart(this.#startFailed)
    else if (this.#started !== undefined) this.#show(view, this.#started, size)
    // It may have been paused before it was anybody's.
    if (this.#view === view) this.#pause(view.isPaused)
  }

  /** Brings a client up to where the process is. */
  #show(view: ViewPort, started: Started, size: TerminalSize | undefined): void {
    view.begin(started)
    const { droppedBytes } = this.#scrollback
    if (droppedBytes > 0) view.say(`${droppedBytes} bytes of earlier output are not kept`)
    for (const { output, bytes } of this.#scrollback.read()) view.show(output, bytes)
    for (const output of started.outputs) {
      if (!this.#facts.openOutputs.has(output)) view.endOutput(output)
    }
    if (this.#isInputClosed) view.closeInput()
    if (this.#outcome !== undefined && this.#outcome.kind !== 'notStarted') {
      return view.exit(this.#outcome)
    }
    if (size !== undefined) this.#process.perform({ type: 'process.resize', size })
    // A program that fills the screen draws it anew, also where the size is what it was.
    if (started.isTerminal) this.#process.perform({ type: 'process.signal', signal: 'WINCH' })
  }

  #obey(view: ViewPort, command: ProcessCommand): void {
    switch (command.type) {
      case 'process.write':
        if (this.#isInputClosed) return view.acknowledge(command.bytes.length)
        this.#input.give(view, command.bytes.length)
        return this.#process.perform(command)
      case 'process.closeInput':
        return this.#endInputUnlessLeft(view)
      case 'process.closeOutput':
        return this.#closeOutput(view, command.output)
      case 'process.disconnect':
        return this.#release('the client has gone', { isCut: true })
      default:
        return this.#process.perform(command)
    }
  }

  /** A session whose client closed the channel closes the input and then every output, in one turn: that is leaving. */
  #endInputUnlessLeft(view: ViewPort): void {
    queueMicrotask(() => {
      if (this.#view !== view) return
      this.#process.perform({ type: 'process.closeInput' })
      if (!this.#facts.isTerminal) this.#isInputClosed = true
    })
  }

  /** The outputs of the process are for the clients to come, too: this one only looks at them no more. */
  #closeOutput(view: ViewPort, output: OutputName): void {
    const { openOutputs } = this.#facts
    // Who closes after the end of an output waits for the exit.
    if (!openOutputs.has(output)) return
    if (output === 'stderr' && openOutputs.has('stdout')) return view.close('stderr')
    this.#release('the client has gone', { isCut: true })
  }

  #noteInputClosed(): void {
    this.#isInputClosed = true
    this.#input.clear()
    this.#view?.closeInput()
  }

  #pause(isPaused: boolean): void {
    if (this.#isPaused === isPaused) return
    this.#isPaused = isPaused
    this.#process.perform({ type: isPaused ? 'process.pauseOutput' : 'process.resumeOutput' })
  }

  /** The client is there no more; the process runs on, and waits for nobody. */
  #release(reason: string, how: { readonly isCut: boolean }): void {
    const view = this.#view
    this.#view = undefined
    view?.finish(unreported(reason), how)
    this.#pause(false)
    if (this.#facts.phase === 'over' || this.#maximumDetachedMs === undefined) return
    const end = (): void => this.end()
    this.#expiry.unsubscribe()
    this.#expiry = timer(this.#maximumDetachedMs, this.#scheduler).subscribe(end)
  }

  #finish(): void {
    this.#expiry.unsubscribe()
    this.#ending.stop()
    if (this.#outcome !== undefined) this.#settle(this.#outcome)
  }
}
