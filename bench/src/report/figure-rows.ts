import type { Run, ServerRuns, WorkloadRuns } from '../run/run-workload'
import { median } from '../run/statistics'
import type { BenchServer } from '../servers/bench-server'
import type { FigureKind } from '../workloads/workload'

/** One figure of one workload, a cell for each server. */
export interface FigureRow {
  readonly workload: string
  readonly figure: FigureKind
  readonly cells: readonly FigureCell[]
}

/** What a server reached. */
export interface FigureCell {
  readonly server: BenchServer
  /** Median of its runs; undefined where none was done. */
  readonly value: number | undefined
  /** Median, over the rounds, of its figure divided by that of `sshd` in the same round. */
  readonly ratio: number | undefined
  /** Why there is no value. */
  readonly reason: string | undefined
}

/** The figures of a workload. */
export function figureRows({ workload, servers }: WorkloadRuns): readonly FigureRow[] {
  const reference = servers.find(({ server }) => server.id === 'sshd')
  return workload.figures.map((figure) => ({
    workload: workload.title,
    figure,
    cells: servers.map((one) =>
      cellOf(one, figure.hasRatio === false ? undefined : reference, figure.key),
    ),
  }))
}

function cellOf(one: ServerRuns, reference: ServerRuns | undefined, key: string): FigureCell {
  const { server, runs } = one
  const failed = runs.find(({ isDone }) => !isDone)
  if (failed?.isDone === false || runs.length === 0) {
    const reason = failed?.isDone === false ? failed.reason : 'not run'
    return { server, value: undefined, ratio: undefined, reason }
  }
  const value = median(runs.map((run) => figureOf(run, key)))
  const ratios = runs
    .map((run, round) => figureOf(run, key) / figureOf(reference?.runs[round], key))
    .filter((ratio) => Number.isFinite(ratio))
  const ratio = server.id === 'sshd' || ratios.length === 0 ? undefined : median(ratios)
  return { server, value, ratio, reason: undefined }
}

function figureOf(run: Run | undefined, key: string): number {
  return run?.isDone === true ? (run.figures[key] ?? Number.NaN) : Number.NaN
}
