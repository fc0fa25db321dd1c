import { generateKeyPairSync } from 'node:crypto'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import type * as Ssh2 from 'ssh2'

/** An ssh2 server that lets everybody in. */
export interface TestServer {
  readonly port: number
  /** Every connection so far. */
  readonly connections: readonly Ssh2.Connection[]
  close(): Promise<void>
}

export interface TestServerOptions {
  readonly ssh2: typeof Ssh2
  readonly config?: Partial<Ssh2.ServerConfig>
  readonly onConnection: (client: Ssh2.Connection) => void
}

/** Starts a server on a free port of 127.0.0.1. */
export async function startServer(options: TestServerOptions): Promise<TestServer> {
  const { ssh2, config, onConnection } = options
  const connections: Ssh2.Connection[] = []
  const server = new ssh2.Server({ hostKeys: [hostKey], ...config }, (client) => {
    connections.push(client)
    client.on('authentication', (context) => context.accept())
    onConnection(client)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return { port, connections, close: () => closeServer(server, connections) }
}

async function closeServer(
  server: Ssh2.Server,
  connections: readonly Ssh2.Connection[],
): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()))
  for (const connection of connections) socketOf(connection).destroy()
  await closed
}

/** The socket under a connection or a client. */
export function socketOf(client: Ssh2.Connection | Ssh2.Client): import('node:net').Socket {
  return (client as unknown as { readonly _sock: import('node:net').Socket })._sock
}

/** Not made by ssh2, whose ed25519 keys it cannot always read itself. */
const hostKey = generateKeyPairSync('ec', {
  namedCurve: 'P-256',
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'sec1', format: 'pem' },
}).privateKey
