import { table } from '@hawse/conformance/servers'
import type { WorkloadRuns } from '../run/run-workload'
import type { BenchServer } from '../servers/bench-server'
import { figureRows, type FigureCell } from './figure-rows'

/** A table of everything that was run: medians, and in brackets the ratio to `sshd`. */
export function figureTable(
  workloads: readonly WorkloadRuns[],
  servers: readonly BenchServer[],
): string {
  const columns = servers.filter(({ hasColumn }) => hasColumn !== false)
  const rows = workloads.flatMap((one) =>
    figureRows(one).map(({ workload, figure, cells }, index) => [
      index === 0 ? workload : '',
      figure.title,
      ...columns.map(({ id }) => shownCell(cells.find(({ server }) => server.id === id))),
    ]),
  )
  return table(['workload', 'figure', ...columns.map(({ name }) => name)], rows)
}

/** A median and its ratio, as `0.92 (0.66)`. */
export function shownCell(cell: FigureCell | undefined): string {
  if (cell === undefined) return '-'
  if (cell.value === undefined) return cell.reason ?? '-'
  const value = shownNumber(cell.value)
  return cell.ratio === undefined ? value : `${value} (${shownRatio(cell.ratio)})`
}

/** Three significant digits, without an exponent. */
export function shownNumber(value: number): string {
  const digits = value === 0 ? 1 : Math.max(0, 2 - Math.floor(Math.log10(Math.abs(value))))
  return value.toFixed(Math.min(digits, 3))
}

function shownRatio(ratio: number): string {
  return ratio < 0.1 ? ratio.toFixed(3) : ratio.toFixed(2)
}
