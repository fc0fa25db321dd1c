import { HawseError } from '../errors/hawse-error'
import { encodeUtf8 } from '../platform/text'

/** An output of an in-process program. */
export interface HandlerOutput {
  /**
   * Writes bytes, or text as UTF-8, in order. Resolves when more may be written: await it, and a slow client slows
   * the program instead of filling memory. Rejects with `OUTPUT_CLOSED` once nobody reads; a program that lets
   * this error through ends as one killed by SIGPIPE. Rejects with `INVALID_ARGUMENT` for anything but text and bytes.
   * Not awaiting is safe up to `maximumWaitingBytes` of `handler`: a write that would make more wait behind others
   * rejects with `OUTPUT_OVERFLOW`, and the program is ended as a failed one.
   */
  write(data: string | Uint8Array): Promise<void>
}

/** The other side of a `HandlerOutput`: what the process port does with it. */
export interface OutputControl {
  readonly output: HandlerOutput
  pause(): void
  resume(): void
  /** Nobody reads any more: what waits is dropped. Once; later calls do nothing. */
  close(): void
  /** Resolves when nothing waits. */
  drained(): Promise<void>
}

/** Where an output's bytes go. */
export interface OutputSink {
  readonly emit: (bytes: Uint8Array) => void
  /** Called once, when the output was closed. */
  readonly ended: () => void
  /** Called once, when more was written without waiting than may wait. */
  readonly overflowed: (error: HawseError) => void
}

interface Waiting {
  readonly bytes: Uint8Array
  readonly resolve: () => void
  readonly reject: (error: HawseError) => void
}

/**
 * Bytes that are passed on in one turn. The session hears of the first write only when the program lets go of the
 * turn, so a program that writes on and on would never be paused.
 */
const turnBytes = 64 * 1024

/**
 * Makes an output that passes its bytes on while it is not paused, and holds at most so many that wait. One write alone
 * may be longer: a program that awaits it has nothing else to wait.
 */
export function createOutput(sink: OutputSink, maximumWaitingBytes: number): OutputControl {
  return new PacedOutput(sink, maximumWaitingBytes)
}

class PacedOutput implements OutputControl {
  readonly output: HandlerOutput = { write: (data) => this.#write(data) }
  readonly #sink: OutputSink
  readonly #maximumWaitingBytes: number
  #phase: 'flowing' | 'paused' | 'closed' = 'flowing'
  #waiting: Waiting[] = []
  #waitingBytes = 0
  /** What this turn has passed on. */
  #passedBytes = 0
  #overflow: HawseError | undefined
  #last: Promise<void> = Promise.resolve()

  constructor(sink: OutputSink, maximumWaitingBytes: number) {
    this.#sink = sink
    this.#maximumWaitingBytes = maximumWaitingBytes
  }

  pause(): void {
    if (this.#phase === 'flowing') this.#phase = 'paused'
  }

  resume(): void {
    if (this.#phase === 'paused') this.#phase = 'flowing'
    this.#pump()
  }

  close(): void {
    if (this.#phase === 'closed') return
    this.#phase = 'closed'
    for (const { reject } of this.#waiting) reject(closedError())
    this.#waiting = []
    this.#sink.ended()
  }

  drained(): Promise<void> {
    return this.#last
  }

  #write(data: string | Uint8Array): Promise<void> {
    const written = new Promise<void>((resolve, reject) => {
      const bytes = typeof data === 'string' ? encodeUtf8(data) : data
      if (!(bytes instanceof Uint8Array)) return reject(unwritableError(data))
      if (this.#phase === 'closed') return reject(closedError())
      if (this.#overflow !== undefined) return reject(this.#overflow)
      const write = { bytes, resolve, reject }
      if (this.#waiting.length === 0 && this.#canPass()) this.#pass(write)
      else this.#hold(write)
    })
    // Handled here, so that a program that does not await cannot end the server by an unhandled rejection.
    const settled = written.catch(() => undefined)
    if (this.#overflow === undefined) this.#last = settled
    return written
  }

  #hold(write: Waiting): void {
    const isTooMuch = this.#waitingBytes + write.bytes.length > this.#maximumWaitingBytes
    if (isTooMuch && this.#waiting.length > 0) {
      this.#overflow = overflowError(this.#maximumWaitingBytes)
      write.reject(this.#overflow)
      return this.#sink.overflowed(this.#overflow)
    }
    this.#waiting.push(write)
    this.#waitingBytes += write.bytes.length
  }

  #canPass(): boolean {
    return this.#phase === 'flowing' && this.#passedBytes < turnBytes
  }

  #pass({ bytes, resolve }: Waiting): void {
    if (this.#passedBytes === 0) void Promise.resolve().then(() => this.#beginTurn())
    this.#passedBytes += bytes.length
    this.#sink.emit(bytes)
    resolve()
  }

  #beginTurn(): void {
    this.#passedBytes = 0
    this.#pump()
  }

  #pump(): void {
    while (this.#canPass()) {
      const next = this.#waiting.shift()
      if (next === undefined) return
      this.#waitingBytes -= next.bytes.length
      this.#pass(next)
    }
  }
}

function overflowError(maximumWaitingBytes: number): HawseError {
  return new HawseError(
    'OUTPUT_OVERFLOW',
    `more than ${maximumWaitingBytes} bytes wait for the client; await each write, or raise maximumWaitingBytes`,
  )
}

/** Untyped programs write anything. */
function unwritableError(data: unknown): HawseError {
  const type = data === null ? 'null' : typeof data
  return new HawseError('INVALID_ARGUMENT', `cannot write ${type}; write a string or a Uint8Array`)
}

function closedError(): HawseError {
  return new HawseError('OUTPUT_CLOSED', 'nobody reads this output any more; stop writing to it')
}
