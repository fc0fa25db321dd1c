import { readSync } from 'node:fs'
import type { OpenTerminal } from './open-terminal'

/** Output on its way from a terminal. */
export interface TerminalOutput {
  /** Starts reading a terminal, unless paused. */
  open(terminal: OpenTerminal): void
  /** Stops emitting; nothing is lost. */
  pause(): void
  /** Emits again. */
  resume(): void
  /** The program is gone: takes over what the terminal still holds, closes it, and ends after the last byte. */
  finish(): void
  /** Hangs up: closes the terminal at once; unread bytes are lost. Then it ends. */
  discard(): void
}

/** What happens to output. */
export interface TerminalOutputListener {
  /** Bytes in order; the memory is the listener's. */
  readonly onBytes: (bytes: Uint8Array) => void
  /** The last byte was given, or the rest discarded. Once. */
  readonly onEnded: () => void
}

/** Reads the master side of a terminal; pausing loses nothing, also when the program exits meanwhile. */
export function createTerminalOutput(listener: TerminalOutputListener): TerminalOutput {
  return new Output(listener)
}

class Output implements TerminalOutput {
  #phase: 'early' | 'reading' | 'finishing' | 'ended' = 'early'
  #terminal: OpenTerminal | undefined
  #isPaused = false
  #tail: Uint8Array[] = []

  constructor(private readonly listener: TerminalOutputListener) {}

  open(terminal: OpenTerminal): void {
    if (this.#phase !== 'early') return
    this.#phase = 'reading'
    this.#terminal = terminal
    terminal.master.on('data', this.listener.onBytes)
    if (this.#isPaused) terminal.master.pause()
    else terminal.master.resume()
  }

  pause(): void {
    this.#isPaused = true
    if (this.#phase === 'reading') this.#terminal?.master.pause()
  }

  resume(): void {
    this.#isPaused = false
    if (this.#phase === 'reading') this.#terminal?.master.resume()
    this.#deliverTail()
  }

  finish(): void {
    if (this.#phase === 'finishing' || this.#phase === 'ended') return
    this.#phase = 'finishing'
    if (this.#terminal !== undefined) {
      this.#terminal.master.removeListener('data', this.listener.onBytes)
      this.#tail = [...takeBuffered(this.#terminal), ...readHeld(this.#terminal)]
      this.#terminal.close()
    }
    this.#deliverTail()
  }

  discard(): void {
    this.#terminal?.master.removeListener('data', this.listener.onBytes)
    this.#terminal?.close()
    this.#end()
  }

  #deliverTail(): void {
    while (this.#phase === 'finishing' && !this.#isPaused) {
      const bytes = this.#tail.shift()
      if (bytes === undefined) this.#end()
      else this.listener.onBytes(bytes)
    }
  }

  #end(): void {
    if (this.#phase === 'ended') return
    this.#phase = 'ended'
    this.#tail = []
    this.listener.onEnded()
  }
}

/** What the stream has read and not emitted. */
function takeBuffered(terminal: OpenTerminal): readonly Uint8Array[] {
  const chunks: Uint8Array[] = []
  terminal.master.pause()
  for (;;) {
    const chunk = terminal.master.read() as Uint8Array | null
    if (chunk === null) return chunks
    chunks.push(chunk)
  }
}

/**
 * What the kernel holds. A read looks through everything that was written before it, so that EAGAIN (others
 * have the terminal open) and EIO (nobody has) both mean that there is no more.
 */
function readHeld({ masterFd }: OpenTerminal): readonly Uint8Array[] {
  const chunks: Uint8Array[] = []
  let heldBytes = 0
  while (heldBytes < maximumHeldBytes) {
    const chunk = readChunk(masterFd)
    if (chunk === undefined) return chunks
    heldBytes += chunk.length
    chunks.push(chunk)
  }
  return chunks
}

function readChunk(masterFd: number): Uint8Array | undefined {
  try {
    const buffer = Buffer.allocUnsafeSlow(readBytes)
    const byteCount = readSync(masterFd, buffer, 0, readBytes, null)
    return byteCount === 0 ? undefined : new Uint8Array(buffer.subarray(0, byteCount))
  } catch {
    return undefined
  }
}

/** A read of a terminal gives at most this. */
const readBytes = 4096

/**
 * Bound on what is read after exit. A Linux pseudo-terminal holds less than 128 KiB, so this is everything
 * the program wrote; only a background process that goes on writing meets the bound.
 */
const maximumHeldBytes = 262_144
