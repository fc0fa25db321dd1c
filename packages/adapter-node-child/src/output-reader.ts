import type { Socket } from 'node:net'
import type { OutputName, ProcessEvent } from '@hawse/core'

/** Our end of one output of a process. */
export interface OutputReader {
  /** Emits nothing more until `resume`; at most one read (64 KiB) is taken from the kernel meanwhile. */
  pause(): void
  /** Emits again. */
  resume(): void
  /** Frees the output at once, and says that it ended. */
  close(): void
}

/** Turns what a stream reads into `process.output` and, once, after the last byte, `process.outputEnded`. */
export function readOutput(
  output: OutputName,
  socket: Socket,
  emit: (event: ProcessEvent) => void,
): OutputReader {
  let isPaused = false
  let hasEnded = false
  const end = (): void => {
    if (hasEnded) return
    hasEnded = true
    socket.destroy()
    emit({ type: 'process.outputEnded', output })
  }
  socket.on('data', (bytes: Uint8Array) => {
    // A destroyed stream still empties its buffer.
    if (!hasEnded) emit({ type: 'process.output', output, bytes })
  })
  socket.on('end', end)
  socket.on('error', end)
  // Node resumes the outputs of a child that exits, whoever paused them.
  socket.on('resume', () => isPaused && socket.pause())
  return {
    pause: () => {
      isPaused = true
      socket.pause()
    },
    resume: () => {
      isPaused = false
      socket.resume()
    },
    close: end,
  }
}
