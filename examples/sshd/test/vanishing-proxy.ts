import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'

/** A way to a server on which packets can get lost for ever, without any end of a connection. */
export interface VanishingProxy {
  readonly port: number
  /** From now on nothing passes, in neither direction, and nothing is closed. */
  vanish(): void
  close(): void
}

/** Passes connections on to a port of this machine, until it is told to vanish. */
export async function startVanishingProxy(targetPort: number): Promise<VanishingProxy> {
  const sockets: Socket[] = []
  const server = createServer({ allowHalfOpen: true }, (near) => {
    const far = connect({ port: targetPort, host: '127.0.0.1', allowHalfOpen: true })
    for (const socket of [near, far]) socket.on('error', () => undefined)
    sockets.push(near, far)
    near.pipe(far)
    far.pipe(near)
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    vanish: () => sockets.forEach((socket) => socket.unpipe().pause()),
    close: () => {
      sockets.forEach((socket) => socket.destroy())
      server.close()
    },
  }
}
