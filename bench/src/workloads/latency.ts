import { once } from 'node:events'
import { performance } from 'node:perf_hooks'
import { connectClient, endClient, runCommand, startReady } from '../clients/ssh2-client'
import { costOf, withinBound } from '../run/cost'
import { percentile } from '../run/statistics'
import { countFor, type Workload } from './workload'

const boundMs = 120_000

/** Enough of a slow server, in milliseconds. */
const enoughMs = 5_000

/** Runs `act` so many times, one after the other, and gives how long each took, in milliseconds. */
async function timeEach(count: number, act: () => Promise<void>): Promise<readonly number[]> {
  const tookMs: number[] = []
  const endMs = performance.now() + enoughMs
  while (tookMs.length < count && performance.now() < endMs) {
    const startedMs = performance.now()
    await act()
    tookMs.push(performance.now() - startedMs)
  }
  return tookMs
}

/** What a person with `git` or a deployment script waits for. */
export const execLatency: Workload = {
  name: 'exec',
  title: '`exec true`, one after the other on one connection',
  figures: [
    { key: 'p50', title: 'p50, ms' },
    { key: 'p99', title: 'p99, ms' },
    { key: 'tree', title: 'server and program, CPU ms each' },
  ],
  servers: 'shared',
  run: async (server, size) => {
    const count = countFor(200, size)
    const client = await connectClient(server)
    const once = (): Promise<void> => runCommand(client, 'exec true')
    await timeEach(countFor(20, size), once)
    let tookMs: readonly number[] = []
    const cost = await costOf(server.processId, async () => {
      tookMs = await withinBound(timeEach(count, once), boundMs, () => client.destroy())
    })
    await endClient(client)
    const tree = (cost.treeSeconds * 1000) / tookMs.length
    return { p50: percentile(tookMs, 50), p99: percentile(tookMs, 99), tree }
  },
}

/** What a person who types waits for. */
export const echoLatency: Workload = {
  name: 'round-trip',
  title: 'One byte to `cat` and back',
  figures: [
    { key: 'p50', title: 'p50, ms' },
    { key: 'p99', title: 'p99, ms' },
    { key: 'own', title: 'server, CPU ms each' },
  ],
  servers: 'shared',
  run: async (server, size) => {
    const count = countFor(2000, size)
    const client = await connectClient(server)
    const channel = await startReady(client, 'exec cat')
    const echo = async (): Promise<void> => {
      const answered = once(channel, 'data')
      channel.write('x')
      await answered
    }
    await timeEach(countFor(100, size), echo)
    let tookMs: readonly number[] = []
    const cost = await costOf(server.processId, async () => {
      tookMs = await withinBound(timeEach(count, echo), boundMs, () => client.destroy())
    })
    await endClient(client)
    const own = (cost.ownSeconds * 1000) / tookMs.length
    return { p50: percentile(tookMs, 50), p99: percentile(tookMs, 99), own }
  },
}
