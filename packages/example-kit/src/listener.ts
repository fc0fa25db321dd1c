import { createServer, type Server, type Socket } from 'node:net'
import { formatListenAddress, type ListenAddress } from './listen-address'
import { reasonOf, StartError } from './start-error'

/** A listening socket and the connections made to it. */
export interface Listener {
  /** Where it listens, with the port that was chosen. */
  readonly address: ListenAddress
  /** Takes no more connections; resolves when those there are have ended. */
  stop(): Promise<void>
  /** Ends every connection at once. */
  destroyConnections(): void
}

/** Choices for a listener. */
export interface ListenOptions {
  /** Whether the bytes of a connection are left for another process to read; false by default. */
  readonly isReadElsewhere?: boolean
}

/** Listens; `onSocket` gets every connection. Rejects with a `StartError` where the address is not to be had. */
export async function listen(
  address: ListenAddress,
  onSocket: (socket: Socket) => void,
  { isReadElsewhere = false }: ListenOptions = {},
): Promise<Listener> {
  const sockets = new Set<Socket>()
  // Without noDelay every small answer waits for the client's acknowledgement of the one before, some 40 ms.
  const server = createServer({ noDelay: true, pauseOnConnect: isReadElsewhere }, (socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
    onSocket(socket)
  })
  await listening(server, address)
  return {
    address: boundAddress(server, address),
    stop: () => new Promise((resolve) => server.close(() => resolve())),
    destroyConnections: () => sockets.forEach((socket) => socket.destroy()),
  }
}

function listening(server: Server, address: ListenAddress): Promise<void> {
  return new Promise((resolve, reject) => {
    const onError = (error: NodeJS.ErrnoException): void => reject(explain(error, address))
    server.once('error', onError)
    server.listen({ host: address.host, port: address.port }, () => {
      server.off('error', onError)
      // A connection that cannot be accepted (no descriptors left) must not end the server.
      server.on('error', () => undefined)
      resolve()
    })
  })
}

function explain(error: NodeJS.ErrnoException, address: ListenAddress): StartError {
  const where = formatListenAddress(address)
  const fixes: Record<string, string> = {
    EADDRINUSE: 'another program listens there; choose another port, or 0 for any free one',
    EACCES: 'ports below 1024 are reserved; choose a higher one',
    EADDRNOTAVAIL: 'this machine does not have that address; choose one of its own',
    ENOTFOUND: 'that host name is not known; give an IP address',
  }
  return new StartError(`cannot listen on ${where}: ${fixes[error.code ?? ''] ?? reasonOf(error)}`)
}

function boundAddress(server: Server, asked: ListenAddress): ListenAddress {
  const bound = server.address()
  if (bound === null || typeof bound === 'string') return asked
  return { host: bound.address, port: bound.port }
}
