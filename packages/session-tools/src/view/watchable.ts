import {
  exited,
  outcomeInWords,
  signaled,
  type ProcessCommand,
  type ProcessEvent,
  type ProcessOutcome,
  type ProcessPort,
  type TerminalRequest,
} from '@hawse/core'
import { ProcessFacts } from '../process-facts'
import { requireAmounts } from '../require-amount'
import { mergedScreenSize, type ScreenSize } from '../screen-size'
import { tapProcess } from '../tap-process'
import { noticeLine, ViewPort } from './view-port'
import { withCarriageReturns } from './carriage-returns'

/** Choices for `watchable`. */
export interface WatchableOptions {
  /** The terminal of the request, for the size of the screen. */
  readonly pty?: TerminalRequest | undefined
  /** Bytes that may wait for one watcher; older ones are dropped for newer ones, with a line that says so. 256 KiB by default. */
  readonly maximumWaitingBytes?: number
}

/** Choices for one watcher. */
export interface WatchOptions {
  /** Whether the watcher sits at a terminal, which shows stairs where a program without one writes LF; false by default. */
  readonly isTerminal?: boolean
}

/** A process that others may watch. */
export interface WatchableProcess extends ProcessPort {
  /**
   * A port that shows the output from its start on, and the size of the screen. Nothing it is asked reaches the process:
   * its input is dropped, but q, Ctrl-C and Ctrl-D end the watching, as a signal does. It ends with the process, with
   * exit code 0. One that is slow misses output; nobody waits for it.
   */
  watch(options?: WatchOptions): ProcessPort
  /** How many watch now. */
  readonly watcherCount: number
}

const defaultMaximumWaitingBytes = 256 * 1024
/** Ctrl-C, Ctrl-D and q. */
const leavingBytes: readonly number[] = [3, 4, 0x71]

/** Lets others watch a process, which does not notice. Throws `INVALID_ARGUMENT` for a bound that is none. */
export function watchable(process: ProcessPort, options: WatchableOptions = {}): WatchableProcess {
  requireAmounts({ maximumWaitingBytes: options.maximumWaitingBytes })
  const audience = new Audience(options)
  const port = tapProcess(process, {
    heard: (event) => audience.hear(event),
    asked: (command) => audience.see(command),
  })
  return {
    ...port,
    watch: (watchOptions = {}) => audience.join(watchOptions),
    get watcherCount() {
      return audience.watcherCount
    },
  }
}

/** All who watch one process. */
class Audience {
  readonly #facts = new ProcessFacts()
  readonly #watchers = new Map<ViewPort, WatchOptions>()
  readonly #maximumWaitingBytes: number
  #size: ScreenSize | undefined
  #outcome: ProcessOutcome | undefined

  constructor({ pty, maximumWaitingBytes = defaultMaximumWaitingBytes }: WatchableOptions) {
    this.#size = pty?.size
    this.#maximumWaitingBytes = maximumWaitingBytes
  }

  get watcherCount(): number {
    return this.#watchers.size
  }

  join(options: WatchOptions): ProcessPort {
    const view: ViewPort = new ViewPort(
      {
        started: () => this.#admit(view, options),
        paused: () => undefined,
        asked: (command) => this.#obey(view, command),
        gap: (droppedBytes) => {
          const words = `${droppedBytes} bytes are not shown: this watcher is too slow`
          return noticeLine(words, this.#isAtTerminal(options))
        },
      },
      this.#maximumWaitingBytes,
    )
    return view
  }

  see(command: ProcessCommand): void {
    if (command.type !== 'process.resize') return
    const before = this.#size
    this.#size = mergedScreenSize(before, command.size)
    if (!this.#facts.isTerminal || this.#facts.hasExited) return
    const { columns, rows } = this.#size
    if (before?.columns === columns && before.rows === rows) return
    for (const view of this.#watchers.keys()) view.say(`the screen is ${columns}x${rows} now`)
  }

  hear(event: ProcessEvent): void {
    this.#facts.note(event)
    if (event.type === 'process.started') {
      for (const [view, options] of this.#watchers) this.#begin(view, options)
    }
    if (event.type === 'process.startFailed') this.#outcome = { ...event, kind: 'notStarted' }
    if (event.type === 'process.exited') this.#outcome = event.outcome
    if (event.type === 'process.output') this.#show(event)
    if (this.#facts.phase === 'over') this.#dismiss()
  }

  #show({ output, bytes }: ProcessEvent & { readonly type: 'process.output' }): void {
    for (const [view, { isTerminal = false }] of this.#watchers) {
      const isStaired = isTerminal && !this.#facts.isTerminal
      // Each has bytes of its own: what a receiver gets it may change.
      view.show(output, isStaired ? withCarriageReturns(bytes) : new Uint8Array(bytes))
    }
  }

  #admit(view: ViewPort, options: WatchOptions): void {
    if (this.#facts.phase === 'over') {
      const message = 'the session that was to be watched has ended'
      return view.failStart({ type: 'process.startFailed', failure: 'failed', message })
    }
    this.#watchers.set(view, options)
    if (this.#facts.phase === 'running') this.#begin(view, options)
  }

  #begin(view: ViewPort, options: WatchOptions): void {
    const isTerminal = this.#isAtTerminal(options)
    view.begin({ outputs: isTerminal ? ['stdout'] : ['stdout', 'stderr'], isTerminal })
    const screen = this.#facts.isTerminal && this.#size
    const size = screen ? ` a screen of ${screen.columns}x${screen.rows}` : ''
    view.say(`watching${size}; q, Ctrl-C or Ctrl-D leaves`)
  }

  #obey(view: ViewPort, command: ProcessCommand): void {
    switch (command.type) {
      case 'process.write':
        view.acknowledge(command.bytes.length)
        if (command.bytes.some((byte) => leavingBytes.includes(byte))) this.#leave(view)
        return undefined
      case 'process.closeOutput':
        return command.output === 'stdout' ? this.#cut(view, 'PIPE') : view.close('stderr')
      case 'process.signal':
        return this.#cut(view, command.signal)
      case 'process.disconnect':
        return this.#cut(view, 'HUP')
      default:
        return undefined
    }
  }

  #leave(view: ViewPort): void {
    view.say('left')
    this.#watchers.delete(view)
    view.finish(exited(0))
  }

  #cut(view: ViewPort, signal: string): void {
    this.#watchers.delete(view)
    view.finish(signaled(signal), { isCut: true })
  }

  #dismiss(): void {
    const words = this.#outcome === undefined ? 'ended' : outcomeInWords(this.#outcome)
    for (const view of this.#watchers.keys()) {
      view.say(`what was watched ${words}`)
      view.finish(exited(0))
    }
    this.#watchers.clear()
  }

  #isAtTerminal({ isTerminal = false }: WatchOptions): boolean {
    return isTerminal || this.#facts.isTerminal
  }
}
