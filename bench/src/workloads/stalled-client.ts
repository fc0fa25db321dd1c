import { setTimeout as delay } from 'node:timers/promises'
import { connectRaw, data, exec } from '@hawse/conformance/servers'
import { watchMemory } from '../run/memory-growth'
import type { Workload } from './workload'

const mebibyte = 2 ** 20

/** The largest window there is, as PuTTY's plink opens it: the socket alone holds the server back. */
const windowBytes = 2 ** 31 - 1

/** A program that writes without end to a client that has stopped reading its connection. */
export const stalledClient: Workload = {
  name: 'stalled-client',
  title: '`yes` to a client that reads nothing for 5 s, window 2 GiB',
  figures: [{ key: 'growth', title: 'memory growth, MiB', hasRatio: false }],
  servers: 'fresh',
  mostRounds: 3,
  run: async (server, { scale }) => {
    const client = await connectRaw(server)
    try {
      const channel = await client.openSession({ windowBytes, keepsWindow: false })
      channel.send(exec('echo ready; read go; exec yes'))
      await channel.untilOutput('ready')
      const memory = watchMemory(server.processId)
      client.connection.socket.pause()
      channel.send(data('go\n'))
      await delay(Math.max(200, 5000 * scale))
      memory.stop()
      return { growth: memory.growthBytes() / mebibyte }
    } finally {
      await client.connection.end()
    }
  },
}
