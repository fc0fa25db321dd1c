import { runSession } from '@hawse/core'
import type { Socket } from 'node:net'
import ssh2, { type Connection, type Server } from 'ssh2'
import type { AuthorizedKey } from './authorized-keys'
import { serveConnection } from './connection'
import type { KeyOptions } from './key-options'
import type { LimitOptions } from './limit-options'
import type { EventLog } from './log'
import type { Numbering } from './numbering'
import { createRunningSessions, type RunningSessions } from './running-sessions'
import type { ServedSession } from './served-session'

/** What the clients of a server are served by. */
export interface SshServiceSettings {
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
  readonly numbering: Numbering
  readonly log: EventLog
}

/** Serves SSH on sockets that were accepted elsewhere. */
export interface SshService {
  readonly serve: (socket: Socket) => void
  /** Refuses sessions that come later, ends those there are after the time of grace, and then says goodbye to clients. */
  readonly end: (graceMs: number) => Promise<void>
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

/** Makes a service; `onLogin` hears the address and port of each client that has logged in. */
export function createSshService(
  settings: SshServiceSettings,
  onLogin: (address: string, port: number) => void,
): SshService {
  const clients = new Set<Connection>()
  const sessions = createRunningSessions(settings.log, settings.numbering.nextSession)
  const ssh = createSshServer(settings, clients, sessions, onLogin)
  return {
    serve: (socket) => ssh.injectSocket(socket),
    end: async (graceMs) => {
      await sessions.endAll(graceMs)
      for (const client of clients) client.end()
    },
  }
}

function createSshServer(
  settings: SshServiceSettings,
  clients: Set<Connection>,
  sessions: RunningSessions,
  onLogin: (address: string, port: number) => void,
): Server {
  const { log } = settings
  const config = {
    hostKeys: [...settings.hostKeys],
    ident: softwareIdent,
    keepaliveInterval: settings.clientAliveMs,
    keepaliveCountMax: clientAliveCountMax,
  }
  return new ssh2.Server(config, (client, { ip, port }) => {
    const connection = settings.numbering.nextConnection()
    const openedAtMs = performance.now()
    clients.add(client)
    log({ event: 'connection.opened', connection, address: ip, port })
    client.once('close', () => {
      clients.delete(client)
      const durationMs = Math.round(performance.now() - openedAtMs)
      log({ event: 'connection.closed', connection, durationMs })
    })
    client.once('ready', () => onLogin(ip, port))
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
