import { isHawseError } from '../errors/hawse-error'
import { readerGone, type ByteSink } from './byte-sink'

/** What an output pump tells. */
export interface OutputListener {
  /** Fewer bytes wait than before. */
  readonly drained: () => void
  /** The sink takes nothing more: the output may be closed. Once. */
  readonly closed: () => void
  /** The sink failed, and so did not get all. Once, after `closed`. */
  readonly failed: (error: unknown) => void
}

/** Hands an output of a process to a sink, one piece after the other, and counts. */
export class OutputPump {
  /** Resolves when the sink has everything, or takes nothing more. */
  readonly finished: Promise<void>
  /** Bytes that wait for the sink. */
  waitingBytes = 0
  /** Bytes that no sink took: they came after its end, or waited at it. */
  droppedBytes = 0
  #phase: 'flowing' | 'ending' | 'over' = 'flowing'
  #isBusy = false
  #waiting: Uint8Array[] = []
  #settle: () => void = () => undefined
  readonly #sink: ByteSink
  readonly #listener: OutputListener

  constructor(sink: ByteSink, listener: OutputListener) {
    this.#sink = sink
    this.#listener = listener
    this.finished = new Promise((resolve) => (this.#settle = resolve))
    sink.closed?.then(
      () => this.#stop(readerGone()),
      (error: unknown) => this.#stop(error),
    )
  }

  /** Takes bytes of the output. */
  receive(bytes: Uint8Array): void {
    if (this.#phase !== 'flowing') {
      this.droppedBytes += bytes.length
      return
    }
    this.#waiting.push(bytes)
    this.waitingBytes += bytes.length
    void this.#flow()
  }

  /** The output has ended: so does the sink, after what waits. */
  finish(): void {
    if (this.#phase !== 'flowing') return
    this.#phase = 'ending'
    void this.#flow()
  }

  /** Gives the sink up, whatever waits. */
  abandon(reason: unknown): void {
    if (this.#phase === 'over') return
    this.#drop()
    this.#sink.abort(reason)
  }

  /** Stays in the turn of its caller for as long as the sink takes bytes at once. */
  async #flow(): Promise<void> {
    if (this.#isBusy) return
    this.#isBusy = true
    try {
      for (let bytes = this.#next(); bytes !== undefined; bytes = this.#next()) {
        const taken = this.#sink.write(bytes)
        if (taken !== undefined) await taken
        this.#note(bytes)
      }
      if (this.#phase === 'ending') await this.#end()
    } catch (error) {
      this.#stop(error)
    } finally {
      this.#isBusy = false
    }
  }

  async #end(): Promise<void> {
    await this.#sink.end()
    if (this.#phase !== 'over') this.#drop()
  }

  #note(bytes: Uint8Array): void {
    // What was given up meanwhile is counted as dropped.
    if (this.#phase === 'over') return
    this.#waiting.shift()
    this.waitingBytes -= bytes.length
    this.#listener.drained()
  }

  /** A piece waits until it is taken, so that a sink that fails leaves it counted. */
  #next(): Uint8Array | undefined {
    return this.#phase === 'over' ? undefined : this.#waiting[0]
  }

  #stop(error: unknown): void {
    if (this.#phase === 'over') return
    const isFailure = !(isHawseError(error) && error.code === 'OUTPUT_CLOSED')
    this.#drop()
    this.#listener.closed()
    if (!isFailure) return
    this.#sink.abort(error)
    this.#listener.failed(error)
  }

  #drop(): void {
    this.#phase = 'over'
    this.droppedBytes += this.waitingBytes
    this.waitingBytes = 0
    this.#waiting = []
    this.#listener.drained()
    this.#settle()
  }
}
