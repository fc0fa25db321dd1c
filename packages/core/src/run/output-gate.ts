import type { OutputName, ProcessPort } from '../ports/process-port'
import type { ByteSink } from './byte-sink'
import { OutputPump } from './output-pump'
import type { RunTraffic } from './process-end'

const defaultHighWaterMarkBytes = 65_536

/**
 * The outputs of a process on their way to their sinks. A process can only be paused as a whole, so a sink that is
 * behind stops both outputs; it goes on when no sink is behind.
 */
export class OutputGate {
  /** Resolves when every sink is done. */
  readonly finished: Promise<unknown>
  /** Outputs whose reader went away. */
  readonly closedOutputs: OutputName[] = []
  readonly #process: ProcessPort
  readonly #pumps: Readonly<Record<OutputName, OutputPump>>
  /** The same, each once. */
  readonly #distinct: readonly OutputPump[]
  readonly #highWaterMarkBytes: number
  readonly #bytes = { stdout: 0, stderr: 0 }
  #open: readonly OutputName[] = ['stdout', 'stderr']
  #isPaused = false

  constructor(
    process: ProcessPort,
    { stdout, stderr }: Readonly<Record<OutputName, ByteSink>>,
    options: { readonly highWaterMarkBytes?: number },
    fail: (name: OutputName, error: unknown) => void,
  ) {
    this.#process = process
    this.#highWaterMarkBytes = options.highWaterMarkBytes ?? defaultHighWaterMarkBytes
    const isShared = stdout === stderr
    const pump = (sink: ByteSink, names: readonly [OutputName, ...OutputName[]]): OutputPump =>
      new OutputPump(sink, {
        drained: () => this.#resume(),
        closed: () => names.forEach((name) => this.#close(name)),
        failed: (error) => fail(names[0], error),
      })
    const first = pump(stdout, isShared ? ['stdout', 'stderr'] : ['stdout'])
    this.#pumps = { stdout: first, stderr: isShared ? first : pump(stderr, ['stderr']) }
    this.#distinct = isShared ? [first] : [first, this.#pumps.stderr]
    this.finished = Promise.all(this.#distinct.map(({ finished }) => finished))
  }

  /** Takes bytes of an output. */
  receive(name: OutputName, bytes: Uint8Array): void {
    this.#bytes[name] += bytes.length
    this.#pumps[name].receive(bytes)
    const isBehind = this.#distinct.some((pump) => pump.waitingBytes > this.#highWaterMarkBytes)
    if (!isBehind || this.#isPaused) return
    this.#isPaused = true
    this.#process.perform({ type: 'process.pauseOutput' })
  }

  /** An output has ended; a sink that both share ends with the second. */
  finish(name: OutputName): void {
    this.#open = this.#open.filter((open) => open !== name)
    const isLast = !this.#open.some((open) => this.#pumps[open] === this.#pumps[name])
    if (isLast) this.#pumps[name].finish()
  }

  /** Gives all sinks up, whatever waits. */
  abandon(reason: unknown): void {
    for (const pump of this.#distinct) pump.abandon(reason)
  }

  /** The bytes so far. */
  traffic(): Omit<RunTraffic, 'stdinBytes'> {
    const droppedBytes = this.#distinct.reduce((sum, pump) => sum + pump.droppedBytes, 0)
    return { stdoutBytes: this.#bytes.stdout, stderrBytes: this.#bytes.stderr, droppedBytes }
  }

  #resume(): void {
    const isBehind = this.#distinct.some((pump) => pump.waitingBytes > this.#highWaterMarkBytes / 4)
    if (!this.#isPaused || isBehind) return
    this.#isPaused = false
    this.#process.perform({ type: 'process.resumeOutput' })
  }

  #close(name: OutputName): void {
    if (!this.#open.includes(name)) return
    this.closedOutputs.push(name)
    this.#process.perform({ type: 'process.closeOutput', output: name })
  }
}
