import type * as Ssh2 from 'ssh2'
import { ssh2SessionTransport } from '../../src'
import { record, type Recorder } from './recorder'
import { startServer, type TestServer } from './test-server'
import { until } from './until'

/** A server whose session channels are recorded transport ports. */
export interface SessionServer extends TestServer {
  /** Waits for a session by its number, 0 for the first. */
  session(index: number): Promise<Recorder>
}

/** Starts a server that takes every session over. */
export async function startSessionServer(
  ssh2: typeof Ssh2,
  onConnection: (client: Ssh2.Connection) => void = () => undefined,
  config: Partial<Ssh2.ServerConfig> = {},
): Promise<SessionServer> {
  const sessions: Recorder[] = []
  const takeOver = (client: Ssh2.Connection): void => {
    onConnection(client)
    client.on('session', (accept) => sessions.push(record(ssh2SessionTransport(client, accept))))
  }
  const server = await startServer({ ssh2, config, onConnection: takeOver })
  return { ...server, session: (index) => sessionAt(sessions, index) }
}

async function sessionAt(sessions: readonly Recorder[], index: number): Promise<Recorder> {
  await until(`session ${String(index)}`, () => sessions[index] !== undefined)
  return sessions[index] as Recorder
}
