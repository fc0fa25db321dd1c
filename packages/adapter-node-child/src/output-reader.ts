import type { Socket } from 'node:net'
import type { OutputName, ProcessEvent } from '@hawse/core'
import { createOutputPace, restMs } from './output-pace'
import type { OutputStream } from './output-stream'

/** Our end of one output of a process. */
export interface OutputReader {
  /** Emits nothing more until `resume`; at most one read (64 KiB) is taken from the kernel meanwhile. */
  pause(): void
  /** Emits again. */
  resume(): void
  /** The process was given input and may be answering: what it writes is read at once. */
  hurry(): void
  /** What is emitted from now on need not be kept: its memory may be used again once the emission has returned. */
  lend(): void
  /** Frees the output at once, and says that it ended. */
  close(): void
}

/** Turns what a stream reads into `process.output` and, once, after the last byte, `process.outputEnded`. */
export function readOutput(
  output: OutputName,
  stream: OutputStream,
  emit: (event: ProcessEvent) => void,
): OutputReader {
  const { socket } = stream
  const valve = createValve(socket)
  let isLending = false
  let hasEnded = false
  const end = (): void => {
    if (hasEnded) return
    hasEnded = true
    valve.close()
    emit({ type: 'process.outputEnded', output })
  }
  stream.listen((read, isLent) => {
    // A destroyed stream still empties its buffer.
    if (hasEnded) return
    valve.noteRead(read.length)
    const bytes = isLent && !isLending ? new Uint8Array(read) : read
    emit({ type: 'process.output', output, bytes })
  })
  socket.on('end', end)
  socket.on('error', end)
  const lend = (): void => {
    isLending = true
  }
  return { pause: valve.pause, resume: valve.resume, hurry: valve.hurry, lend, close: end }
}

/** What lets a stream be read, or not: because its reader is full, or because it is better read a little later. */
interface OutputValve {
  readonly pause: () => void
  readonly resume: () => void
  readonly hurry: () => void
  readonly noteRead: (byteCount: number) => void
  readonly close: () => void
}

function createValve(socket: Socket): OutputValve {
  const pace = createOutputPace()
  let rest: NodeJS.Timeout | undefined
  let isPaused = false
  const endRest = (): void => {
    clearTimeout(rest)
    rest = undefined
    if (!isPaused && !socket.destroyed) socket.resume()
  }
  // Node resumes the outputs of a child that exits, whoever paused them.
  socket.on('resume', () => (isPaused || rest !== undefined) && socket.pause())
  return {
    pause: () => {
      isPaused = true
      socket.pause()
    },
    resume: () => {
      isPaused = false
      if (rest === undefined) socket.resume()
    },
    hurry: () => {
      pace.hurry()
      if (rest !== undefined) endRest()
    },
    noteRead: (byteCount) => {
      if (!pace.note(byteCount, performance.now())) return
      rest ??= setTimeout(endRest, restMs)
      socket.pause()
    },
    close: () => {
      clearTimeout(rest)
      socket.destroy()
    },
  }
}
