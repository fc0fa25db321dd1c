import type { Connection } from './connection'

/**
 * Has the socket write all that is sent until the end of this turn of the event loop at once: what one read of a
 * process or one segment of a client causes is often several packets, and each write costs a system call.
 */
export function batchWrites(connection: Connection): void {
  const { socket } = connection.internals
  if (connection.isBatching || socket.cork === undefined) return
  connection.isBatching = true
  socket.cork()
  process.nextTick(flushWrites, connection)
}

/** Writes what was sent so far. */
export function flushWrites(connection: Connection): void {
  if (!connection.isBatching) return
  connection.isBatching = false
  connection.internals.socket.uncork?.()
  connection.internals.releaseMemory()
}
