import { asyncScheduler, Subscription, timer, type SchedulerLike } from 'rxjs'
import {
  createEventSource,
  endingOf,
  HawseError,
  type Ending,
  type EndingDelays,
  type OutputName,
  type ProcessCommand,
  type ProcessEvent,
  type ProcessPort,
} from '@hawse/core'
import { followProcess, ProcessFacts } from '../process-facts'
import { requireAmounts } from '../require-amount'
import { tellSafely } from '../tell-safely'
import { IdleWatch } from './idle-watch'
import { Pace } from './pace'

/** What a process may use, and how one that uses more is ended; what is not given is not limited. */
export interface ProcessLimits extends EndingDelays {
  /** Bytes of both outputs together. So many are passed on exactly, and what comes beyond is dropped. */
  readonly maximumOutputBytes?: number
  /** Bytes of both outputs per second, and at most as many in advance. The process is slowed, and nothing is dropped. */
  readonly outputBytesPerSecond?: number
  /** Longest time from the start to the end of the process and its outputs, in milliseconds. */
  readonly maximumMs?: number
  /** Longest time without a byte of input or output, in milliseconds; time in which outputs are paused does not count. */
  readonly idleMs?: number
  /** Told which limit was passed, once, in the words that the user is shown. */
  readonly onLimit?: (reason: string) => void
}

/**
 * Limits what a process may use. One that passes a limit is ended as `run` ends one (`endSignal`, KILL, disconnect, by
 * the stated delays), with a line on stderr that says which limit it was; on a terminal the line is output.
 *
 * The limits of a session are others (`timeLimits` of `runSession`), as are those of an account (`limits` of
 * `ssh2Sessions`). Throws `INVALID_ARGUMENT` for a limit that is none.
 */
export function limit(process: ProcessPort, limits: ProcessLimits): ProcessPort {
  const { maximumOutputBytes, outputBytesPerSecond, maximumMs, idleMs } = limits
  requireAmounts({ maximumOutputBytes, outputBytesPerSecond, maximumMs, idleMs })
  if (outputBytesPerSecond === 0) {
    throw new HawseError('INVALID_ARGUMENT', 'outputBytesPerSecond is 0; give 1 or more')
  }
  return new LimitedProcess(process, limits)
}

class LimitedProcess implements ProcessPort {
  readonly event$
  readonly #process: ProcessPort
  readonly #limits: ProcessLimits
  readonly #scheduler: SchedulerLike
  readonly #source = createEventSource<ProcessEvent>()
  readonly #facts = new ProcessFacts()
  readonly #ending: Ending
  readonly #watches = new Subscription()
  #pace: Pace | undefined
  #idle: IdleWatch | undefined
  #leftBytes: number
  #phase: 'within' | 'ending' | 'over' = 'within'
  #isPausedByReader = false
  #isPausedByPace = false

  constructor(process: ProcessPort, limits: ProcessLimits) {
    this.event$ = this.#source.event$
    this.#process = process
    this.#limits = limits
    this.#scheduler = limits.scheduler ?? asyncScheduler
    this.#leftBytes = limits.maximumOutputBytes ?? Infinity
    const givenUp = (): void => this.#giveUp()
    this.#ending = endingOf(process, limits, { released: () => undefined, givenUp })
    const hear = (event: ProcessEvent): void => this.#hear(event)
    followProcess(process, this.#facts, hear, () => this.#stop())
  }

  perform(command: ProcessCommand): void {
    if (this.#phase === 'over') return
    if (command.type === 'process.write') this.#idle?.note()
    if (command.type === 'process.pauseOutput') return this.#pause({ byReader: true })
    if (command.type === 'process.resumeOutput') return this.#pause({ byReader: false })
    this.#process.perform(command)
  }

  #hear(event: ProcessEvent): void {
    if (this.#phase === 'over') return
    if (event.type === 'process.output') return this.#hearOutput(event)
    if (event.type === 'process.started') this.#watchTime()
    if (event.type === 'process.inputWritten') this.#idle?.note()
    if (event.type === 'process.exited') this.#ending.noteExit()
    this.#source.emit(event)
    if (this.#facts.phase === 'over') this.#stop()
  }

  #hearOutput(event: ProcessEvent & { readonly type: 'process.output' }): void {
    this.#idle?.note()
    const bytes = event.bytes.subarray(0, this.#leftBytes)
    this.#leftBytes -= bytes.length
    if (bytes.length > 0) {
      this.#source.emit({ ...event, bytes })
      this.#pace?.spend(bytes.length)
    }
    if (bytes.length === event.bytes.length) return
    this.#end(`more than ${this.#limits.maximumOutputBytes ?? 0} bytes of output`)
  }

  #watchTime(): void {
    const { maximumMs, idleMs, outputBytesPerSecond } = this.#limits
    if (maximumMs !== undefined) {
      const end = (): void => this.#end(`longer than ${seconds(maximumMs)}`)
      this.#watches.add(timer(maximumMs, this.#scheduler).subscribe(end))
    }
    if (idleMs !== undefined) {
      const idle = new IdleWatch(idleMs, this.#scheduler, () => {
        this.#end(`idle for ${seconds(idleMs)}`)
      })
      this.#idle = idle
      this.#idle.hold(this.#isPausedByReader)
      this.#watches.add(() => idle.stop())
    }
    if (outputBytesPerSecond !== undefined) {
      const pace = new Pace(outputBytesPerSecond, this.#scheduler, (byPace) => {
        this.#pause({ byPace })
      })
      this.#pace = pace
      this.#watches.add(() => pace.stop())
    }
  }

  /** The process is paused while its reader or its pace says so. */
  #pause({
    byReader = this.#isPausedByReader,
    byPace = this.#isPausedByPace,
  }: {
    readonly byReader?: boolean
    readonly byPace?: boolean
  }): void {
    const wasPaused = this.#isPausedByReader || this.#isPausedByPace
    if (byReader !== this.#isPausedByReader) this.#idle?.hold(byReader)
    this.#isPausedByReader = byReader
    this.#isPausedByPace = byPace
    const isPaused = byReader || byPace
    if (isPaused === wasPaused) return
    this.#process.perform({ type: isPaused ? 'process.pauseOutput' : 'process.resumeOutput' })
  }

  #end(reason: string): void {
    if (this.#phase !== 'within') return
    this.#phase = 'ending'
    this.#watches.unsubscribe()
    this.#say(`process ended: ${reason}`)
    // A process that is told to end says its last at its own pace.
    this.#pace = undefined
    this.#pause({ byPace: false })
    this.#ending.begin()
    tellSafely(() => this.#limits.onLimit?.(reason))
  }

  #say(text: string): void {
    const { openOutputs, isTerminal } = this.#facts
    const names: readonly OutputName[] = ['stderr', 'stdout']
    const output = names.find((name) => openOutputs.has(name))
    if (output === undefined) return
    const lineEnd = isTerminal ? '\r\n' : '\n'
    const bytes = new TextEncoder().encode(`${isTerminal ? lineEnd : ''}${text}${lineEnd}`)
    this.#source.emit({ type: 'process.output', output, bytes })
  }

  /** Not even KILL and a disconnect made it tell its end: nobody is to wait for that. */
  #giveUp(): void {
    for (const event of this.#facts.owed('it did not end when it was told to')) {
      this.#facts.note(event)
      this.#source.emit(event)
    }
    this.#stop()
  }

  #stop(): void {
    this.#phase = 'over'
    this.#watches.unsubscribe()
    this.#ending.stop()
    this.#source.complete()
  }
}

function seconds(milliseconds: number): string {
  return `${milliseconds / 1000} s`
}
