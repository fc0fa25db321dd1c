import type { Socket } from 'node:net'
import type { ProcessEvent } from '@hawse/core'

/** Our end of the standard input of a process. */
export interface InputWriter {
  /** Queues bytes; `process.inputWritten` tells when the kernel has taken all of them. */
  write(bytes: Uint8Array): void
  /** Ends the input after what is queued. */
  end(): void
  /** Frees the input at once; what is queued is lost and nothing is said. */
  free(): void
  /** Frees the input of a process of which nothing is left; says `process.inputClosed` where bytes are lost by it. */
  abandon(): void
}

/** Writes to the standard input of a process, and says once when the process has closed it. */
export function writeInput(socket: Socket, emit: (event: ProcessEvent) => void): InputWriter {
  let state: 'open' | 'ending' | 'closed' = 'open'
  let queuedByteCount = 0
  const free = (): void => {
    state = 'closed'
    socket.destroy()
  }
  const abandon = (): void => {
    const isLosing = state !== 'closed' && queuedByteCount > 0
    free()
    if (isLosing) emit({ type: 'process.inputClosed' })
  }
  // A process may close its input whenever it likes: EPIPE is a fact like any other, told when the stream closes.
  socket.on('error', () => undefined)
  socket.on('close', () => {
    if (state === 'closed' || (state === 'ending' && queuedByteCount === 0)) return
    state = 'closed'
    emit({ type: 'process.inputClosed' })
  })
  return {
    write: (bytes) => {
      if (state !== 'open' || bytes.length === 0) return
      queuedByteCount += bytes.length
      socket.write(bytes, (error) => {
        if (error || state === 'closed') return
        queuedByteCount -= bytes.length
        emit({ type: 'process.inputWritten', byteCount: bytes.length })
      })
    },
    end: () => {
      if (state !== 'open') return
      state = 'ending'
      socket.end()
    },
    free,
    abandon,
  }
}
