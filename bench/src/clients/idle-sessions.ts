import type { Client } from 'ssh2'
import type { ReachableServer } from '@hawse/conformance/servers'
import { connectClient, endClient, startReady } from './ssh2-client'

/** Sessions that stay open, each on a connection of its own. */
export interface OpenSessions {
  /** Opens more, until there are so many. */
  readonly openUntil: (count: number) => Promise<void>
  readonly close: () => Promise<void>
}

/** Logins under way at once: `sshd` sheds some of many that come at once. */
const loginsAtOnce = 8

/** Makes a set of sessions that run a command each, whose output is read and forgotten. */
export function openSessions(server: ReachableServer, command: string): OpenSessions {
  const clients: Client[] = []
  const openOne = async (): Promise<void> => {
    const client = await connectClient(server)
    clients.push(client)
    const channel = await startReady(client, command)
    channel.resume()
  }
  return {
    openUntil: async (count) => {
      let wanted = count - clients.length
      const work = async (): Promise<void> => {
        while (wanted > 0) {
          wanted -= 1
          await openOne()
        }
      }
      await Promise.all(Array.from({ length: loginsAtOnce }, work))
    },
    close: async () => {
      await Promise.all(clients.map((client) => endClient(client)))
    },
  }
}
