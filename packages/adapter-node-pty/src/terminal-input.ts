import { writeSync } from 'node:fs'
import { errorCode } from './error-fields'

/** Input on its way to a terminal. */
export interface TerminalInput {
  /** Takes bytes to write, in order. */
  write(bytes: Uint8Array): void
  /** Starts writing to the master side of a terminal; what came before was kept. */
  open(masterFd: number): void
  /** Stops for good; bytes not yet written are lost. */
  close(): void
}

/** What happens to input. */
export interface TerminalInputListener {
  /** The terminal has taken this many bytes. */
  readonly onWritten: (byteCount: number) => void
  /** Bytes were lost because the terminal takes no more. Once. */
  readonly onLost: () => void
}

/**
 * Writes to the master side of a terminal without blocking and without spinning.
 *
 * A libuv stream on a master writes in blocking mode: a program that does not read would stop the whole
 * event loop. Direct writes fail with EAGAIN instead, and are tried again after 1 ms, then 2, 4, ...
 * up to 64 ms: the price of a program that never reads is 16 system calls a second.
 */
export function createTerminalInput(listener: TerminalInputListener): TerminalInput {
  return new Input(listener)
}

class Input implements TerminalInput {
  #phase: 'early' | 'open' | 'closed' = 'early'
  #masterFd = noDescriptor
  #pending: Uint8Array[] = []
  #delayMs = firstDelayMs
  #timer: NodeJS.Timeout | undefined
  #isLost = false

  constructor(private readonly listener: TerminalInputListener) {}

  write(bytes: Uint8Array): void {
    if (bytes.length === 0) return
    this.#pending.push(bytes)
    if (this.#phase === 'closed') this.#lose()
    if (this.#phase === 'open' && this.#timer === undefined) this.#flush()
  }

  open(masterFd: number): void {
    if (this.#phase !== 'early') return
    this.#phase = 'open'
    this.#masterFd = masterFd
    this.#flush()
  }

  close(): void {
    this.#phase = 'closed'
    clearTimeout(this.#timer)
    this.#lose()
  }

  #flush(): void {
    this.#timer = undefined
    if (this.#pending.length === 0) return
    const taken = writePieces(this.#masterFd, this.#pending)
    if (taken === 'failed') {
      this.close()
      return
    }
    this.#delayMs = taken > 0 ? firstDelayMs : Math.min(this.#delayMs * 2, lastDelayMs)
    if (this.#pending.length > 0) this.#timer = setTimeout(() => this.#flush(), this.#delayMs)
    // Last, for the listener may write more or close.
    if (taken > 0) this.listener.onWritten(taken)
  }

  #lose(): void {
    if (this.#pending.length === 0) return
    this.#pending = []
    if (this.#isLost) return
    this.#isLost = true
    this.listener.onLost()
  }
}

/** Writes at most 16 KiB from the head of `pending` and removes what was taken. */
function writePieces(masterFd: number, pending: Uint8Array[]): number | 'failed' {
  let taken = 0
  while (taken < maximumBurstBytes) {
    const head = pending[0]
    if (head === undefined) return taken
    const byteCount = writePiece(masterFd, head.subarray(0, maximumBurstBytes - taken))
    if (byteCount === 'failed') return byteCount
    if (byteCount === 0) return taken
    taken += byteCount
    if (byteCount === head.length) pending.shift()
    else pending[0] = head.subarray(byteCount)
  }
  return taken
}

function writePiece(masterFd: number, bytes: Uint8Array): number | 'failed' {
  try {
    return writeSync(masterFd, bytes)
  } catch (error) {
    return errorCode(error) === 'EAGAIN' ? 0 : 'failed'
  }
}

/** No more than this goes to the kernel per turn of the event loop. */
const maximumBurstBytes = 16_384
const noDescriptor = -1
const firstDelayMs = 1
const lastDelayMs = 64
