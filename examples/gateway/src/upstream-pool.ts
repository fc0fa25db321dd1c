import { readFileSync } from 'node:fs'
import ssh2 from 'ssh2'
import { reasonOf } from '@hawse/example-kit'
import type { Config, Upstream } from './config'
import { hostKeyAlgorithms, knownKeysOf } from './known-hosts'

/** A connection to a host, in use by one session. */
export interface Lease {
  readonly client: ssh2.Client
  /** The session has ended. */
  readonly release: () => void
}

/** The connections to the hosts: one for each user and host, used again, and closed when it was idle for a while. */
export interface UpstreamPool {
  /** Gives a connection; `lost` is told when it breaks. Rejects with an `Error` for the user's eyes. */
  lease(user: string, host: Upstream, lost: (reason: string) => void): Promise<Lease>
  readonly connectionCount: number
  close(): void
}

interface Connection {
  readonly ready: Promise<ssh2.Client>
  readonly listeners: Set<(reason: string) => void>
  idle: NodeJS.Timeout | undefined
}

const idleMs = 60_000
const connectMs = 20_000
const keepAliveMs = 15_000

/** Makes the pool. */
export function createUpstreamPool(config: Config): UpstreamPool {
  const connections = new Map<string, Connection>()
  const open = (key: string, host: Upstream): Connection => {
    const listeners = new Set<(reason: string) => void>()
    const forget = (reason: string): void => {
      if (connections.get(key) === made) connections.delete(key)
      clearTimeout(made.idle)
      for (const lost of [...listeners]) lost(reason)
      listeners.clear()
    }
    const made: Connection = { ready: connect(config, host, forget), listeners, idle: undefined }
    made.ready.catch((error: unknown) => forget(reasonOf(error)))
    connections.set(key, made)
    return made
  }
  return {
    lease: async (user, host, lost) => {
      const key = `${user} ${host.name}`
      const connection = connections.get(key) ?? open(key, host)
      const client = await connection.ready
      clearTimeout(connection.idle)
      connection.listeners.add(lost)
      const release = (): void => {
        if (!connection.listeners.delete(lost) || connection.listeners.size > 0) return
        connection.idle = setTimeout(() => client.end(), idleMs)
      }
      return { client, release }
    },
    get connectionCount() {
      return connections.size
    },
    close: () => {
      for (const { ready, idle } of connections.values()) {
        clearTimeout(idle)
        ready.then((client) => client.end()).catch(() => undefined)
      }
    },
  }
}

async function connect(
  config: Config,
  host: Upstream,
  forget: (reason: string) => void,
): Promise<ssh2.Client> {
  const known = await knownKeysOf(host, config.knownHostsFile)
  if (known.length === 0) {
    throw new Error(`the host key of ${host.name} is not known; the admin has to add it first`)
  }
  const client = new ssh2.Client()
  let isMismatch = false
  const isReady = new Promise<ssh2.Client>((resolve, reject) => {
    const fail = (reason: string): void => {
      forget(reason)
      const words = isMismatch ? mismatch(host) : `${host.name} cannot be reached: ${reason}`
      reject(new Error(words))
    }
    // Before any listener of a session, so that a user is told before the session ends.
    client.on('error', (error) => fail(error.message))
    client.on('end', () => fail('the host closed the connection'))
    client.on('close', () => fail('the connection closed'))
    client.on('ready', () => resolve(client))
  })
  client.connect({
    host: host.address,
    port: host.port,
    username: host.user,
    privateKey: readFileSync(config.upstreamKeyFile),
    readyTimeout: connectMs,
    keepaliveInterval: keepAliveMs,
    algorithms: { serverHostKey: hostKeyAlgorithms(known) as ssh2.ServerHostKeyAlgorithm[] },
    hostVerifier: (key: Buffer): boolean => {
      isMismatch = !known.some(({ base64 }) => base64 === key.toString('base64'))
      return !isMismatch
    },
  })
  return isReady
}

function mismatch({ name }: Upstream): string {
  return `the host key of ${name} is not the one that is known: somebody may listen in; nothing was sent`
}
