import { readerGone, type ByteSink } from './byte-sink'
import type { ByteSource } from './byte-source'
import { requireLimit } from './require-limit'

/** A pipe in memory: what the sink takes comes out of the source. */
export interface BytePipe {
  readonly sink: ByteSink
  readonly source: ByteSource
}

/**
 * Makes a pipe between two processes, or between a process and a function.
 *
 * It holds at most `capacityBytes` (64 KiB by default, as a pipe of Linux) and one write beyond: then the writer waits.
 * Cancelling the source is closing the reading end: the writer gets `OUTPUT_CLOSED`, and the process behind it SIGPIPE.
 * `sink.abort(reason)` makes the read after the last byte reject with that reason: half is never taken for all.
 */
export function bytePipe(capacityBytes = defaultCapacityBytes): BytePipe {
  requireLimit('capacityBytes', capacityBytes)
  const pipe = new Pipe(capacityBytes)
  return { sink: pipe, source: pipe }
}

const defaultCapacityBytes = 65_536

type PipePhase =
  | { readonly tag: 'open' }
  | { readonly tag: 'ended' }
  | { readonly tag: 'aborted'; readonly reason: unknown }
  | { readonly tag: 'cancelled' }

class Pipe implements ByteSink, ByteSource {
  readonly closed: Promise<void>
  #phase: PipePhase = { tag: 'open' }
  #held: Uint8Array[] = []
  #heldBytes = 0
  #wakeReader: () => void = () => undefined
  #wakeWriter: () => void = () => undefined
  #announceClosed: () => void = () => undefined

  constructor(readonly capacityBytes: number) {
    this.closed = new Promise((resolve) => (this.#announceClosed = resolve))
  }

  write(bytes: Uint8Array): Promise<void> | undefined {
    if (this.#phase.tag !== 'open') return Promise.reject(readerGone())
    this.#held.push(bytes)
    this.#heldBytes += bytes.length
    this.#wakeReader()
    return this.#heldBytes <= this.capacityBytes ? undefined : this.#untilTaken()
  }

  end(): undefined {
    this.#finish({ tag: 'ended' })
  }

  abort(reason: unknown): void {
    this.#finish({ tag: 'aborted', reason })
  }

  async read(): Promise<Uint8Array | undefined> {
    while (this.#held.length === 0 && this.#phase.tag === 'open')
      await new Promise<void>((resolve) => (this.#wakeReader = resolve))
    const bytes = this.#held.shift()
    if (bytes !== undefined) {
      this.#heldBytes -= bytes.length
      this.#wakeWriter()
      return bytes
    }
    if (this.#phase.tag === 'aborted') throw this.#phase.reason
    return undefined
  }

  cancel(): void {
    this.#held = []
    this.#heldBytes = 0
    this.#finish({ tag: 'cancelled' })
    this.#announceClosed()
  }

  async #untilTaken(): Promise<void> {
    while (this.#heldBytes > this.capacityBytes)
      await new Promise<void>((resolve) => (this.#wakeWriter = resolve))
    if (this.#phase.tag === 'cancelled') throw readerGone()
  }

  #finish(phase: PipePhase): void {
    if (this.#phase.tag !== 'open') return
    this.#phase = phase
    this.#wakeReader()
    this.#wakeWriter()
  }
}
