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
  let terminal: OpenTerminal | undefined
  let phase: 'early' | 'reading' | 'finishing' | 'ended' = 'early'
  let isPaused = false
  let tail: Uint8Array[] = []

  const end = () => {
    if (phase === 'ended') return
    phase = 'ended'
    tail = []
    listener.onEnded()
  }
  const deliverTail = () => {
    while (phase === 'finishing' && !isPaused) {
      const bytes = tail.shift()
      if (bytes === undefined) return end()
      listener.onBytes(bytes)
    }
  }
  const release = () => {
    terminal?.master.removeListener('data', listener.onBytes)
    terminal?.close()
  }
  return {
    open: (opened) => {
      if (phase !== 'early') return
      phase = 'reading'
      terminal = opened
      opened.master.on('data', listener.onBytes)
      if (isPaused) opened.master.pause()
      else opened.master.resume()
    },
    pause: () => {
      isPaused = true
      if (phase === 'reading') terminal?.master.pause()
    },
    resume: () => {
      isPaused = false
      if (phase === 'reading') terminal?.master.resume()
      deliverTail()
    },
    finish: () => {
      if (phase === 'finishing' || phase === 'ended') return
      phase = 'finishing'
      terminal?.master.removeListener('data', listener.onBytes)
      tail = terminal === undefined ? [] : [...takeBuffered(terminal), ...readHeld(terminal)]
      release()
      deliverTail()
    },
    discard: () => {
      release()
      end()
    },
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
