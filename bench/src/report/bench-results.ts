import type { MachineFigure } from '../machines/machine-figures'
import type { WorkloadRuns } from '../run/run-workload'
import type { BenchServer } from '../servers/bench-server'
import { idleGrowth, writingGrowth } from '../workloads/session-growth'
import type { GrowthRuns } from './growth'

/** Everything that one run of the bench measured, and how. */
export interface BenchResults {
  readonly command: string
  readonly rounds: number
  readonly scale: number
  readonly minutes: number
  readonly servers: readonly BenchServer[]
  readonly workloads: readonly WorkloadRuns[]
  readonly machines: readonly MachineFigure[]
}

/** The runs that open more and more sessions; undefined where one of them was left out. */
export function growthRuns(workloads: readonly WorkloadRuns[]): GrowthRuns | undefined {
  const idle = runsOf(workloads, idleGrowth.name)
  const writing = runsOf(workloads, writingGrowth.name)
  return idle === undefined || writing === undefined ? undefined : { idle, writing }
}

/** The others, which are the rows of the table. */
export function tabledRuns(workloads: readonly WorkloadRuns[]): readonly WorkloadRuns[] {
  const growing = [idleGrowth.name, writingGrowth.name]
  return workloads.filter(({ workload }) => !growing.includes(workload.name))
}

/** The runs of one workload. */
export function runsOf(workloads: readonly WorkloadRuns[], name: string): WorkloadRuns | undefined {
  return workloads.find(({ workload }) => workload.name === name)
}
