import { table } from '@hawse/conformance/servers'
import type { ServerRuns, WorkloadRuns } from '../run/run-workload'
import { cpuKey, growthCounts, memoryKey } from '../workloads/session-growth'
import { chartsAsSvg, type Chart } from './chart'
import { shownNumber } from './figure-table'

/** The runs of the two workloads that open more and more sessions. */
export interface GrowthRuns {
  readonly idle: WorkloadRuns
  readonly writing: WorkloadRuns
}

/** Memory of sessions that wait and CPU of sessions that write, each with 1 to 1,000 of them. */
export function growthChart({ idle, writing }: GrowthRuns): string {
  const charts: readonly Chart[] = [
    chartOf('Memory of the server, MiB: sessions that wait', idle, memoryKey),
    chartOf('CPU of the server, ms per s: 1 KiB/s each', writing, cpuKey),
  ]
  return chartsAsSvg(charts, 'sessions, each on its own connection')
}

/** The same with all figures, a row for each number of sessions. */
export function growthTable({ idle, writing }: GrowthRuns): string {
  const servers = idle.servers.map(({ server }) => server)
  const head = servers.flatMap(({ name }) => [
    `${name}: waiting, MiB`,
    `writing, MiB`,
    `writing, CPU ms per s`,
  ])
  const rows = growthCounts.map((count) => [
    count.toLocaleString('en-US'),
    ...servers.flatMap(({ id }) => [
      shown(idle, id, memoryKey(count)),
      shown(writing, id, memoryKey(count)),
      shown(writing, id, cpuKey(count)),
    ]),
  ])
  return table(['sessions', ...head], rows)
}

function chartOf(title: string, runs: WorkloadRuns, keyOf: (count: number) => string): Chart {
  const series = runs.servers.map((one) => ({
    name: one.server.name,
    points: growthCounts.flatMap((count) => {
      const value = figureOf(one, keyOf(count))
      return value === undefined ? [] : [[count, value] as const]
    }),
  }))
  return { title, series }
}

function shown(runs: WorkloadRuns, id: string, key: string): string {
  const one = runs.servers.find(({ server }) => server.id === id)
  const value = one === undefined ? undefined : figureOf(one, key)
  return value === undefined ? '-' : shownNumber(value)
}

function figureOf({ runs }: ServerRuns, key: string): number | undefined {
  const [run] = runs
  return run?.isDone === true ? run.figures[key] : undefined
}
