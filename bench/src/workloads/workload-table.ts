import { connectionRate, connectionsAtOnce } from './connections'
import { echoLatency, execLatency } from './latency'
import { lineWrites } from './line-writes'
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
]
