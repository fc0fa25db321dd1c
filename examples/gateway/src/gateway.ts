import { mkdirSync, readFileSync } from 'node:fs'
import ssh2 from 'ssh2'
import { connectionGate, limitAuthentication, ssh2Sessions } from '@hawse/adapter-ssh2'
import { runSession, sessionGroup, type ChannelPort, type Session } from '@hawse/core'
import { listen, reasonOf, StartError, type ListenAddress } from '@hawse/example-kit'
import { metricsRegistry } from '@hawse/session-tools'
import type { Config } from './config'
import { LiveSessions } from './live-sessions'
import { answerLogin, type Login } from './login'
import { ownHandlers, type OwnCommands } from './own-commands'
import { prometheusView } from './prometheus'
import { relayHandlers, type Relay } from './relay'
import { createUpstreamPool } from './upstream-pool'

/** A gateway that listens. */
export interface Gateway {
  /** Where it listens, with the port that was chosen. */
  readonly address: ListenAddress
  /** Ends every session, tells its users why, and closes. */
  close(): Promise<void>
}

/** Longest time that a client may take to go, in milliseconds. */
const farewellMs = 1000

/** Starts the gateway; the folder of recordings is made where there is none. Rejects with a `StartError`. */
export async function startGateway(config: Config, log: (line: string) => void): Promise<Gateway> {
  mkdirSync(config.recordingsFolder, { recursive: true, mode: 0o700 })
  const pool = createUpstreamPool(config)
  const live = new LiveSessions()
  const registry = metricsRegistry()
  let lastId = 0
  const relay: Relay = { config, pool, live, registry, log, nextId: () => (lastId += 1) }
  const metrics = prometheusView(registry, () => pool.connectionCount)
  const group = sessionGroup()
  const gate = connectionGate({ onLimit: log })
  const clients = new Set<ssh2.Connection>()
  // Clients of OpenSSH tell a reader that has gone only to a server that calls itself so.
  const options = { hostKeys: [hostKeyOf(config)], ident: 'OpenSSH_9.9 Hawse gateway' }
  const server = new ssh2.Server(options, (client, { ip, port }) => {
    clients.add(client)
    client.once('close', () => clients.delete(client))
    client.once('ready', () => gate.release(ip, port))
    serveConnection(client, config, log, (channel, login) => {
      group.add(serveSession(channel, login, relay, { config, live, metrics }))
    })
  })
  const listener = await listen(config.listen, (socket) => {
    if (gate.admit(socket)) server.injectSocket(socket)
  })
  const close = async (): Promise<void> => {
    const stopped = listener.stop()
    await group.close({ reason: 'the gateway closes', limitMs: 5 * farewellMs })
    pool.close()
    for (const client of clients) client.end()
    const farewell = setTimeout(() => listener.destroyConnections(), farewellMs)
    await stopped.finally(() => clearTimeout(farewell))
  }
  return { address: listener.address, close }
}

function hostKeyOf({ hostKeyFile }: Config): Buffer {
  try {
    return readFileSync(hostKeyFile)
  } catch (error) {
    throw new StartError(
      `the host key ${hostKeyFile} cannot be read: ${reasonOf(error)}; make one with ssh-keygen -N "" -f ${hostKeyFile}`,
    )
  }
}

function serveConnection(
  client: ssh2.Connection,
  config: Config,
  log: (line: string) => void,
  serve: (channel: ChannelPort, login: Login) => void,
): void {
  let login: Login | undefined
  client.on('error', () => undefined)
  limitAuthentication(client, { onLimit: log })
  client.on('authentication', (attempt) => {
    login = answerLogin(attempt, config)
  })
  ssh2Sessions(client, { onLimit: log }).subscribe({
    next: (channel) => {
      if (login !== undefined) serve(channel, login)
    },
    error: (error: unknown) => {
      log(`sessions cannot be served: ${reasonOf(error)}`)
      client.end()
    },
  })
}

/** Agent and X11 forwarding are refused by default, ports by ssh2: no key of a user goes further than here. */
function serveSession(
  channel: ChannelPort,
  { user, hostName }: Login,
  relay: Relay,
  commands: OwnCommands,
): Session {
  const handlers =
    hostName === undefined
      ? ownHandlers(commands, user)
      : relayHandlers(relay, user, hostName, () => session)
  const session: Session = runSession(channel, handlers)
  return session
}
