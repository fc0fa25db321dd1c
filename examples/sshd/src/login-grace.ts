import type { Socket } from 'node:net'

/** Ends connections that do not log in in time, from their first byte on. */
export interface LoginGrace {
  watch(socket: Socket): void
  /** The client at this address has logged in. */
  release(remoteAddress: string, remotePort: number): void
}

/** A limit in milliseconds, from the connection to the login. */
export function createLoginGrace(graceMs: number): LoginGrace {
  const timers = new Map<string, NodeJS.Timeout>()
  const clear = (key: string): void => {
    clearTimeout(timers.get(key))
    timers.delete(key)
  }
  return {
    watch: (socket) => {
      const key = keyOf(socket.remoteAddress, socket.remotePort)
      timers.set(
        key,
        setTimeout(() => socket.destroy(), graceMs),
      )
      socket.once('close', () => clear(key))
    },
    release: (remoteAddress, remotePort) => clear(keyOf(remoteAddress, remotePort)),
  }
}

/** ssh2 tells of a client by address, not by socket. */
function keyOf(address: string | undefined, port: number | undefined): string {
  return `${address} ${port}`
}
