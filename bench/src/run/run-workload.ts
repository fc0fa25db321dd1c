import type { BenchServer, RunningServer } from '../servers/bench-server'
import type { Figures, Workload } from '../workloads/workload'

/** What one run of a workload on a server gave: figures, or why there are none. */
export type Run =
  | { readonly isDone: true; readonly figures: Figures }
  | { readonly isDone: false; readonly reason: string }

/** The runs of one workload on one server, by round. */
export interface ServerRuns {
  readonly server: BenchServer
  readonly runs: readonly Run[]
}

/** Every run of one workload. */
export interface WorkloadRuns {
  readonly workload: Workload
  /** Why it was not run at all. */
  readonly skipped?: string
  readonly servers: readonly ServerRuns[]
}

/** How much is run. */
export interface RunPlan {
  readonly servers: readonly BenchServer[]
  readonly rounds: number
  readonly scale: number
  readonly tell: (line: string) => void
}

/** Share of the size at which a server is warmed up before the runs that count. */
const warmUpShare = 1 / 16

interface Lane {
  readonly server: BenchServer
  readonly runs: Run[]
  running: RunningServer | undefined
}

/** Runs a workload on all servers by turns: every round begins with another of them. */
export async function runWorkload(workload: Workload, plan: RunPlan): Promise<WorkloadRuns> {
  const skipped = workload.missing?.()
  if (skipped !== undefined) return { workload, skipped, servers: [] }
  const lanes = plan.servers
    .filter(({ onlyWorkloads }) => onlyWorkloads?.includes(workload.name) ?? true)
    .filter(({ id }) => workload.onlyServers?.includes(id) ?? true)
    .map((server): Lane => ({ server, runs: excluded(server, workload), running: undefined }))
  const rounds = Math.min(plan.rounds, workload.mostRounds ?? plan.rounds)
  try {
    for (let round = 0; round < rounds; round += 1) {
      for (const lane of rotated(lanes, round)) await runOnce(lane, workload, plan)
    }
  } finally {
    for (const lane of lanes) await stopLane(lane)
  }
  return { workload, servers: lanes.map(({ server, runs }) => ({ server, runs })) }
}

function excluded({ cannot }: BenchServer, { name }: Workload): Run[] {
  const reason = cannot?.[name]
  return reason === undefined ? [] : [{ isDone: false, reason }]
}

async function runOnce(lane: Lane, workload: Workload, plan: RunPlan): Promise<void> {
  // What has failed once costs its whole bound each time.
  if (lane.runs.some(({ isDone }) => !isDone)) return
  const run = await attempt(lane, workload, plan.scale)
  lane.runs.push(run)
  plan.tell(`${workload.name.padEnd(20)} ${lane.server.id.padEnd(10)} ${describe(run)}`)
  if (workload.servers === 'fresh' || !run.isDone) await stopLane(lane)
}

async function attempt(lane: Lane, workload: Workload, scale: number): Promise<Run> {
  const { byteShare } = lane.server
  try {
    if (lane.running === undefined) {
      lane.running = await lane.server.start()
      await workload.run(lane.running, { scale: scale * warmUpShare, byteShare })
    }
    return { isDone: true, figures: await workload.run(lane.running, { scale, byteShare }) }
  } catch (error) {
    const [reason = ''] = (error instanceof Error ? error.message : String(error)).split('\n')
    return { isDone: false, reason }
  }
}

async function stopLane(lane: Lane): Promise<void> {
  const { running } = lane
  lane.running = undefined
  await running?.stop()
}

function rotated<Item>(items: readonly Item[], by: number): readonly Item[] {
  const start = items.length === 0 ? 0 : by % items.length
  return [...items.slice(start), ...items.slice(0, start)]
}

function describe(run: Run): string {
  if (!run.isDone) return run.reason
  return Object.entries(run.figures)
    .map(([key, value]) => `${key} ${value.toPrecision(3)}`)
    .join('  ')
}
