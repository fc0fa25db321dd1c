import { growthRuns, runsOf, tabledRuns } from './bench-results'
import { figureRows } from './figure-rows'
import { figureTable, shownNumber } from './figure-table'
import { growthTable } from './growth'
import type { WorkloadRuns } from '../run/run-workload'
import type { BenchServer } from '../servers/bench-server'

/** The tables of a run, as they are printed. */
export function resultsText(
  workloads: readonly WorkloadRuns[],
  servers: readonly BenchServer[],
): string {
  const tabled = tabledRuns(workloads)
  const growth = growthRuns(workloads)
  return [
    ...(tabled.length === 0 ? [] : [figureTable(tabled, servers)]),
    ...workersLine(workloads),
    ...(growth === undefined ? [] : [growthTable(growth)]),
  ].join('\n\n')
}

/** What a second worker brings, where there is one. */
export function workersLine(workloads: readonly WorkloadRuns[]): readonly string[] {
  const runs = runsOf(workloads, 'connections-at-once')
  const cells = runs === undefined ? [] : (figureRows(runs)[0]?.cells ?? [])
  const one = cells.find(({ server }) => server.id === 'hawse')?.value
  const two = cells.find(({ server }) => server.id === 'hawse-workers')?.value
  if (one === undefined || two === undefined) return []
  return [
    `Two workers against one, eight connections at a time: ${shownNumber(two)} against ` +
      `${shownNumber(one)} connections per s (${(two / one).toFixed(2)}).`,
  ]
}
