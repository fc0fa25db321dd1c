import { HawseError } from '../errors/hawse-error'
import { encodeUtf8 } from '../platform/text'

/** An output of an in-process program. */
export interface HandlerOutput {
  /**
   * Writes bytes, or text as UTF-8, in order. Resolves when more may be written: await it, and a slow client slows
   * the program instead of filling memory. Rejects with `OUTPUT_CLOSED` once nobody reads; a program that lets
   * this error through ends as one killed by SIGPIPE. Rejects with `INVALID_ARGUMENT` for anything but text and bytes.
   * Not awaiting is safe.
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
}

interface Waiting {
  readonly bytes: Uint8Array
  readonly resolve: () => void
  readonly reject: (error: HawseError) => void
}

/** Makes an output that passes its bytes on while it is not paused. */
export function createOutput(sink: OutputSink): OutputControl {
  let phase: 'flowing' | 'paused' | 'closed' = 'flowing'
  let waiting: Waiting[] = []
  let last: Promise<void> = Promise.resolve()

  const write = (data: string | Uint8Array): Promise<void> => {
    const written = new Promise<void>((resolve, reject) => {
      const bytes = typeof data === 'string' ? encodeUtf8(data) : data
      if (!(bytes instanceof Uint8Array)) return reject(unwritableError(data))
      if (phase === 'closed') return reject(closedError())
      if (phase === 'paused') return void waiting.push({ bytes, resolve, reject })
      sink.emit(bytes)
      resolve()
    })
    // Handled here, so that a program that does not await cannot end the server by an unhandled rejection.
    last = written.catch(() => undefined)
    return written
  }
  const resume = (): void => {
    if (phase === 'paused') phase = 'flowing'
    while (phase === 'flowing') {
      const next = waiting.shift()
      if (next === undefined) return
      sink.emit(next.bytes)
      next.resolve()
    }
  }
  const close = (): void => {
    if (phase === 'closed') return
    phase = 'closed'
    for (const { reject } of waiting) reject(closedError())
    waiting = []
    sink.ended()
  }
  const pause = (): void => {
    if (phase === 'flowing') phase = 'paused'
  }
  return { output: { write }, pause, resume, close, drained: () => last }
}

/** Untyped programs write anything. */
function unwritableError(data: unknown): HawseError {
  const type = data === null ? 'null' : typeof data
  return new HawseError('INVALID_ARGUMENT', `cannot write ${type}; write a string or a Uint8Array`)
}

function closedError(): HawseError {
  return new HawseError('OUTPUT_CLOSED', 'nobody reads this output any more; stop writing to it')
}
