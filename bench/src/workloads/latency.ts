import { once } from 'node:events'
import { performance } from 'node:perf_hooks'
import type { Client } from 'ssh2'
import { connectClient, endClient, runCommand, startReady } from '../clients/ssh2-client'
import { costOf, withinBound } from '../run/cost'
import { percentile } from '../run/statistics'
import type { RunningServer } from '../servers/bench-server'
import { countFor, type Workload } from './workload'

const boundMs = 120_000

/** Enough of a slow server, in milliseconds. */
const enoughMs = 5_000

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
    const counts = { warmUp: countFor(20, size), measured: countFor(200, size) }
    const client = await connectClient(server)
    const run = (): Promise<void> => runCommand(client, 'exec true')
    const { p50, p99, tree } = await latencyOf(server, client, counts, run)
    return { p50, p99, tree }
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
    const counts = { warmUp: countFor(100, size), measured: countFor(2000, size) }
    const client = await connectClient(server)
    const channel = await startReady(client, 'exec cat')
    const echo = async (): Promise<void> => {
      const answered = once(channel, 'data')
      channel.write('x')
      await answered
    }
    const { p50, p99, own } = await latencyOf(server, client, counts, echo)
    return { p50, p99, own }
  },
}

/** What one thing that a client does over and over took. */
interface Latency {
  readonly p50: number
  readonly p99: number
  /** What it cost the server each time, in CPU milliseconds: alone, and with its programs. */
  readonly own: number
  readonly tree: number
}

/** Lets a client do the same thing so many times after a tenth or less to warm up, and ends the client. */
async function latencyOf(
  server: RunningServer,
  client: Client,
  counts: { readonly warmUp: number; readonly measured: number },
  act: () => Promise<void>,
): Promise<Latency> {
  await timeEach(counts.warmUp, act)
  let tookMs: readonly number[] = []
  const cost = await costOf(server.processId, async () => {
    const timed = timeEach(counts.measured, act)
    tookMs = await withinBound(timed, boundMs, () => client.destroy())
  })
  await endClient(client)
  const eachMs = (seconds: number): number => (seconds * 1000) / tookMs.length
  return {
    p50: percentile(tookMs, 50),
    p99: percentile(tookMs, 99),
    own: eachMs(cost.ownSeconds),
    tree: eachMs(cost.treeSeconds),
  }
}

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
