import { waitUntil } from '@hawse/conformance/servers'
import { connectClient, endClient, runCommand } from '../clients/ssh2-client'
import { costOf, withinBound } from '../run/cost'
import { countOwnProcesses } from '../run/process-tree'
import type { RunningServer } from '../servers/bench-server'
import { countFor, type FigureKind, type Figures, type RunSize, type Workload } from './workload'

const figures: readonly FigureKind[] = [
  { key: 'rate', title: 'connections per s' },
  { key: 'tree', title: 'server and program, CPU ms each' },
]

const boundMs = 120_000

/** A new connection with a key for one command, as scripts and `git` make it. */
export const connectionRate: Workload = {
  name: 'connections',
  title: 'New connection, login by key, `exec true`; one after the other',
  figures,
  servers: 'shared',
  run: (server, size) => runConnections(server, size, 1),
}

/** The same by some clients at once. */
export const connectionsAtOnce: Workload = {
  name: 'connections-at-once',
  title: 'The same, eight at a time',
  figures,
  servers: 'shared',
  run: (server, size) => runConnections(server, size, 8),
}

async function runConnections(
  server: RunningServer,
  size: RunSize,
  atOnce: number,
): Promise<Figures> {
  const count = countFor(atOnce === 1 ? 40 : 120, size)
  const processes = countOwnProcesses(server.processId)
  await connectOnce(server)
  let remaining = count
  const work = async (): Promise<void> => {
    while (remaining > 0) {
      remaining -= 1
      await connectOnce(server)
    }
  }
  let wallSeconds = 0
  const cost = await costOf(server.processId, async () => {
    const startedMs = performance.now()
    const stop = (): void => {
      remaining = 0
    }
    const all = Promise.all(Array.from({ length: atOnce }, work)).finally(stop)
    await withinBound(all, boundMs, stop)
    wallSeconds = (performance.now() - startedMs) / 1000
    // A process that serves a connection counts when it has ended.
    await waitUntil(
      () => countOwnProcesses(server.processId) <= processes,
      () => 'the processes of connections should end',
    )
  })
  return { rate: count / wallSeconds, tree: (cost.treeSeconds * 1000) / count }
}

async function connectOnce(server: RunningServer): Promise<void> {
  const client = await connectClient(server)
  await runCommand(client, 'exec true')
  await endClient(client)
}
