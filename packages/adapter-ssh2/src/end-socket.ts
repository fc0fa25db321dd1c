import type { Ssh2Socket } from './ssh2-shapes'

/** How long a peer may take to read what is left and to close its end: 5 s. */
const lingerMs = 5_000

/** Ends a socket after what is still to be written, and destroys it where the peer does not close in time. */
export function endSocket(socket: Ssh2Socket): void {
  if (socket.destroyed) return
  socket.end()
  const timer = setTimeout(() => socket.destroy(), lingerMs)
  timer.unref()
  socket.once('close', () => clearTimeout(timer))
}
