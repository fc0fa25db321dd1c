import { asyncScheduler, tap, type SchedulerLike } from 'rxjs'
import type {
  ChannelPort,
  ProcessCommand,
  ProcessEvent,
  ProcessOutcome,
  ProcessPort,
} from '@hawse/core'
import { ProcessFacts } from '../process-facts'
import { tapProcess } from '../tap-process'
import { ChannelMeter } from './channel-meter'
import { FlowMeter, type StreamMetrics } from './flow-meter'
import { Stopwatch } from './stopwatch'

/** What is measured of one session. */
export interface SessionMetrics {
  /** What the owner said of it. */
  readonly labels: Readonly<Record<string, string>>
  readonly stdin: StreamMetrics
  /** What is in flight of outputs is known where the channel is measured too, and 0 otherwise. */
  readonly stdout: StreamMetrics
  readonly stderr: StreamMetrics
  /** Time during which outputs were paused, because the client does not read. */
  readonly blockedOnClientMs: number
  /** Time during which input waited, because the process does not read. */
  readonly blockedOnProcessMs: number
  /** From the start of the process until now, or until it and its outputs had ended. */
  readonly durationMs: number
  /** How the process ended, also where it did not start; `undefined` until the process has ended. */
  readonly outcome: ProcessOutcome | undefined
}

/** Measures one session: its process, and where wanted its channel. */
export interface SessionMeter {
  /** The same process, measured. For one process. */
  process(process: ProcessPort): ProcessPort
  /** The same channel, measured, for `runSession`: then what is in flight to the client is known. */
  channel(channel: ChannelPort): ChannelPort
  /** The values now. */
  read(): SessionMetrics
}

/** Choices for `sessionMeter`. */
export interface SessionMeterOptions {
  readonly labels?: Readonly<Record<string, string>>
  /** Called when the process is asked to start. */
  readonly onStart?: () => void
  /** Called with the last values: the process and its outputs have ended, or it did not start. */
  readonly onEnd?: (metrics: SessionMetrics) => void
  /** The clock; that of RxJS by default. */
  readonly scheduler?: SchedulerLike
}

/** Makes a meter for one session. What is measured is neither slowed nor changed. */
export function sessionMeter(options: SessionMeterOptions = {}): SessionMeter {
  const meter = new ProcessMeter(options)
  return {
    process: (process) =>
      tapProcess(process, {
        heard: (event) => meter.hear(event),
        asked: (command) => meter.see(command),
      }),
    channel: (channel) => meteredChannel(channel, meter.channel),
    read: () => meter.read(),
  }
}

function meteredChannel(channel: ChannelPort, meter: ChannelMeter): ChannelPort {
  return {
    event$: channel.event$.pipe(tap((event) => meter.hear(event))),
    perform: (command) => {
      meter.see(command)
      channel.perform(command)
    },
    host: channel.host,
    peer: channel.peer,
    peerSoftware: channel.peerSoftware,
  }
}

class ProcessMeter {
  readonly channel = new ChannelMeter()
  readonly #options: SessionMeterOptions
  readonly #nowMs: () => number
  readonly #facts = new ProcessFacts()
  readonly #input = new FlowMeter()
  readonly #bytes = { stdin: 0, stdout: 0, stderr: 0 }
  readonly #running: Stopwatch
  readonly #blockedOnClient: Stopwatch
  readonly #blockedOnProcess: Stopwatch
  #isAsked = false
  #isInputOpen = true
  #outcome: ProcessOutcome | undefined

  constructor(options: SessionMeterOptions) {
    const { scheduler = asyncScheduler } = options
    this.#options = options
    this.#nowMs = () => scheduler.now()
    this.#running = new Stopwatch(this.#nowMs)
    this.#blockedOnClient = new Stopwatch(this.#nowMs)
    this.#blockedOnProcess = new Stopwatch(this.#nowMs)
  }

  see(command: ProcessCommand): void {
    if (this.#facts.phase === 'over') return
    switch (command.type) {
      case 'process.start':
        return this.#start()
      case 'process.write':
        return this.#give(command.bytes.length)
      case 'process.pauseOutput':
      case 'process.resumeOutput':
        return this.#blockedOnClient.set(command.type === 'process.pauseOutput')
      default:
        return undefined
    }
  }

  hear(event: ProcessEvent): void {
    this.#facts.note(event)
    switch (event.type) {
      case 'process.startFailed':
        this.#outcome = { ...event, kind: 'notStarted' }
        break
      case 'process.output':
        this.#bytes[event.output] += event.bytes.length
        break
      case 'process.inputWritten':
        this.#bytes.stdin += event.byteCount
        this.#input.take(event.byteCount)
        this.#blockedOnProcess.set(this.#input.inFlightBytes > 0)
        break
      case 'process.inputClosed':
        this.#closeInput()
        break
      case 'process.exited':
        this.#outcome = event.outcome
        this.#closeInput()
        break
      default:
        break
    }
    if (this.#facts.phase === 'over') this.#end()
  }

  read(): SessionMetrics {
    return {
      labels: this.#options.labels ?? {},
      stdin: this.#input.read(this.#bytes.stdin),
      stdout: this.channel.read('stdout', this.#bytes.stdout),
      stderr: this.channel.read('stderr', this.#bytes.stderr),
      blockedOnClientMs: this.#blockedOnClient.readMs(),
      blockedOnProcessMs: this.#blockedOnProcess.readMs(),
      durationMs: this.#running.readMs(),
      outcome: this.#outcome,
    }
  }

  #start(): void {
    if (this.#isAsked) return
    this.#isAsked = true
    this.#running.set(true)
    this.#options.onStart?.()
  }

  #give(byteCount: number): void {
    if (!this.#isInputOpen) return
    this.#input.give(byteCount)
    this.#blockedOnProcess.set(this.#input.inFlightBytes > 0)
  }

  #closeInput(): void {
    this.#isInputOpen = false
    this.#input.drop()
    this.#blockedOnProcess.set(false)
  }

  #end(): void {
    this.#running.set(false)
    this.#blockedOnClient.set(false)
    this.#options.onEnd?.(this.read())
  }
}
