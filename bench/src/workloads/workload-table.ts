import { connectionRate, connectionsAtOnce } from './connections'
import { echoLatency, execLatency } from './latency'
import { idleMemory } from './idle-memory'
import { lineWrites } from './line-writes'
import { idleGrowth, writingGrowth } from './session-growth'
import { slowReader } from './slow-reader'
import { stalledClient } from './stalled-client'
import { throughputWorkloads } from './throughput'
import type { Workload } from './workload'

/** Everything that is measured, in the order of the page. */
export const workloadTable: readonly Workload[] = [
  ...throughputWorkloads,
  lineWrites,
  execLatency,
  connectionRate,
  connectionsAtOnce,
  echoLatency,
  slowReader,
  stalledClient,
  idleMemory,
  idleGrowth,
  writingGrowth,
]
