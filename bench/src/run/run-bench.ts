import type { BenchServer, ServerId } from '../servers/bench-server'
import { serverTable } from '../servers/server-table'
import type { Workload } from '../workloads/workload'
import { runWorkload, type RunPlan, type WorkloadRuns } from './run-workload'

/** The servers that were asked for and can run here; tells of each that cannot, and why. */
export function installedServers(
  ids: readonly ServerId[],
  tell: (line: string) => void,
): readonly BenchServer[] {
  return serverTable.filter((server) => {
    if (!ids.includes(server.id)) return false
    const reason = server.missing()
    if (reason !== undefined) tell(`without ${server.name}: ${reason}`)
    return reason === undefined
  })
}

/** Runs workloads one after the other, each on all servers by turns. */
export async function runBench(
  workloads: readonly Workload[],
  plan: RunPlan,
): Promise<readonly WorkloadRuns[]> {
  const done: WorkloadRuns[] = []
  for (const workload of workloads) {
    const runs = await runWorkload(workload, plan)
    if (runs.skipped !== undefined) plan.tell(`without ${workload.name}: ${runs.skipped}`)
    done.push(runs)
  }
  return done
}
