import { connectionGate, type ConnectionGate } from '@hawse/adapter-ssh2'
import { runSession } from '@hawse/core'
import ssh2, { type Connection, type Server } from 'ssh2'
import type { AuthorizedKey } from './authorized-keys'
import { serveConnection } from './connection'
import type { KeyOptions } from './key-options'
import type { ListenAddress } from './listen-address'
import { listen } from './listener'
import type { LimitOptions } from './limit-options'
import type { EventLog } from './log'
import { createRunningSessions, type RunningSessions } from './running-sessions'
import type { ServedSession } from './served-session'

/** Everything that a server is made of. */
export interface ServerSettings {
  readonly listen: ListenAddress
  /** Private host keys, as text. */
  readonly hostKeys: readonly string[]
  /** The one account that is let in. */
  readonly user: string
  /** The keys that are let in at this moment. */
  readonly authorizedKeys: () => readonly AuthorizedKey[]
  /** What is served to whom a key let in. */
  readonly serve: (allowed: KeyOptions) => ServedSession
  /** How often a silent client is asked whether it lives, in milliseconds; 0: never. */
  readonly clientAliveMs: number
  readonly limits: LimitOptions
  readonly log: EventLog
}

/** A server that serves. */
export interface RunningServer {
  /** Where it listens, with the port that was chosen. */
  readonly address: ListenAddress
  /**
   * Takes no more connections and sessions, ends the sessions after the time of grace, and then the connections;
   * resolves when all have ended.
   */
  close(graceMs: number): Promise<void>
}

/**
 * OpenSSH's client stops a program that nobody reads any more (`ssh host yes | head -1`) only where the server's
 * software name begins with `OpenSSH`. The number keeps clients content that look up the bugs of old versions, and
 * what follows the space is a comment (RFC 4253 section 4.2) that says who really answers.
 */
const softwareIdent = 'OpenSSH_9.9 Hawse'

/**
 * Questions that a client may leave unanswered, as sshd's ClientAliveCountMax: one that is gone is noticed after four
 * intervals, one of silence before each of the questions and one after the last.
 */
const clientAliveCountMax = 3

/** Milliseconds that clients have, after the last session, to close their connections. */
const farewellMs = 1_000

interface State {
  readonly clients: Set<Connection>
  readonly sessions: RunningSessions
  readonly gate: ConnectionGate
}

/** Starts to serve; rejects with a `StartError` where the address is not to be had. */
export async function startServer(settings: ServerSettings): Promise<RunningServer> {
  const state: State = {
    clients: new Set(),
    sessions: createRunningSessions(settings.log),
    gate: connectionGate({
      ...settings.limits,
      onLimit: (reason, { remoteAddress, remotePort }) =>
        settings.log({ event: 'note', message: `${remoteAddress} port ${remotePort}: ${reason}` }),
    }),
  }
  const ssh = createSshServer(settings, state)
  const listener = await listen(settings.listen, (socket) => {
    if (state.gate.admit(socket)) ssh.injectSocket(socket)
  })
  const close = async (graceMs: number): Promise<void> => {
    const stopped = listener.stop()
    await state.sessions.endAll(graceMs)
    for (const client of state.clients) client.end()
    const farewell = setTimeout(() => listener.destroyConnections(), farewellMs)
    await stopped.finally(() => clearTimeout(farewell))
  }
  return { address: listener.address, close }
}

function createSshServer(settings: ServerSettings, { clients, sessions, gate }: State): Server {
  const { log } = settings
  let lastNumber = 0
  const config = {
    hostKeys: [...settings.hostKeys],
    ident: softwareIdent,
    keepaliveInterval: settings.clientAliveMs,
    keepaliveCountMax: clientAliveCountMax,
  }
  return new ssh2.Server(config, (client, { ip, port }) => {
    const connection = (lastNumber += 1)
    const openedAtMs = performance.now()
    clients.add(client)
    log({ event: 'connection.opened', connection, address: ip, port })
    client.once('close', () => {
      clients.delete(client)
      const durationMs = Math.round(performance.now() - openedAtMs)
      log({ event: 'connection.closed', connection, durationMs })
    })
    client.once('ready', () => gate.release(ip, port))
    serveConnection(client, {
      user: settings.user,
      authorizedKeys: settings.authorizedKeys,
      clientAddress: ip,
      onSession: (channel, allowed) => {
        const { handlers, options } = settings.serve(allowed)
        sessions.add(runSession(channel, handlers, options), connection)
      },
      limits: settings.limits,
      onLimit: (reason) => log({ event: 'note', message: `connection ${connection}: ${reason}` }),
      onLogin: (login) => log({ connection, ...login }),
      onFailure: (reason) => log({ event: 'connection.failed', connection, reason }),
    })
  })
}
