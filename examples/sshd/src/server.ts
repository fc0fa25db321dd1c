import { runSession } from '@hawse/core'
import ssh2, { type Connection, type Server } from 'ssh2'
import type { AuthorizedKey } from './authorized-keys'
import { serveConnection } from './connection'
import type { KeyOptions } from './key-options'
import type { ListenAddress } from './listen-address'
import { listen } from './listener'
import type { Log } from './log'
import { createLoginGrace, type LoginGrace } from './login-grace'
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
  readonly log: Log
}

/** A server that serves. */
export interface RunningServer {
  /** Where it listens, with the port that was chosen. */
  readonly address: ListenAddress
  /** Takes no more connections, ends the sessions and then the connections; resolves when all have ended. */
  close(): Promise<void>
}

/**
 * OpenSSH's client stops a program that nobody reads any more (`ssh host yes | head -1`) only where the server's
 * software name begins with `OpenSSH`. The number keeps clients content that look up the bugs of old versions, and
 * what follows the space is a comment (RFC 4253 section 4.2) that says who really answers.
 */
const softwareIdent = 'OpenSSH_9.9 Hawse'

/** Milliseconds that a client has to log in, as sshd's LoginGraceTime. */
const loginGraceMs = 120_000

/** Milliseconds that clients have, after the last session, to close their connections. */
const farewellMs = 1_000

interface State {
  readonly clients: Set<Connection>
  readonly sessions: RunningSessions
  readonly loginGrace: LoginGrace
}

/** Starts to serve; rejects with a `StartError` where the address is not to be had. */
export async function startServer(settings: ServerSettings): Promise<RunningServer> {
  const state: State = {
    clients: new Set(),
    sessions: createRunningSessions(settings.log),
    loginGrace: createLoginGrace(loginGraceMs),
  }
  const ssh = createSshServer(settings, state)
  const listener = await listen(settings.listen, (socket) => {
    state.loginGrace.watch(socket)
    ssh.injectSocket(socket)
  })
  const close = async (): Promise<void> => {
    const stopped = listener.stop()
    await state.sessions.endAll()
    for (const client of state.clients) client.end()
    const farewell = setTimeout(() => listener.destroyConnections(), farewellMs)
    await stopped.finally(() => clearTimeout(farewell))
  }
  return { address: listener.address, close }
}

function createSshServer(
  settings: ServerSettings,
  { clients, sessions, loginGrace }: State,
): Server {
  const config = { hostKeys: [...settings.hostKeys], ident: softwareIdent }
  return new ssh2.Server(config, (client, { ip, port }) => {
    clients.add(client)
    client.once('close', () => clients.delete(client))
    client.once('ready', () => loginGrace.release(ip, port))
    serveConnection(client, {
      user: settings.user,
      authorizedKeys: settings.authorizedKeys,
      clientAddress: ip,
      onSession: (channel, allowed) => {
        const { handlers, options } = settings.serve(allowed)
        sessions.add(runSession(channel, handlers, options))
      },
      log: (line) => settings.log(`${ip} port ${port}: ${line}`),
    })
  })
}
