import { openSessions } from '../clients/idle-sessions'
import { readMemory } from '../run/process-tree'
import { countFor, type Figures, type Workload } from './workload'

const kibibyte = 1024

/** How many sessions are open when memory is read. */
const sessionCounts = [100, 500]

/**
 * What a session takes up that waits, on a connection of its own. The program is `cat`: like `sleep` it waits, and
 * unlike `sleep` it ends when its client has gone.
 */
export const idleMemory: Workload = {
  name: 'idle-memory',
  title: 'Idle sessions, each on its own connection',
  figures: sessionCounts.flatMap((count) => [
    { key: `own${count}`, title: `server, KiB each of ${count}` },
    { key: `tree${count}`, title: `server and program, KiB each of ${count}` },
  ]),
  servers: 'fresh',
  mostRounds: 1,
  run: async (server, size) => {
    const before = readMemory(server.processId)
    const sessions = openSessions(server, 'exec cat')
    try {
      let figures: Figures = {}
      for (const fullCount of sessionCounts) {
        const count = countFor(fullCount, size)
        await sessions.openUntil(count)
        const { ownBytes, treeBytes } = readMemory(server.processId)
        const own = (ownBytes - before.ownBytes) / count / kibibyte
        const tree = (treeBytes - before.treeBytes) / count / kibibyte
        figures = { ...figures, [`own${fullCount}`]: own, [`tree${fullCount}`]: tree }
      }
      return figures
    } finally {
      await sessions.close()
    }
  },
}
