import { performance } from 'node:perf_hooks'
import { machineTable, measureMachines } from './machines/machine-figures'
import { helpText, parseOptions, type BenchOptions } from './options'
import { resultsText } from './report/results-text'
import { writeResults } from './report/write-results'
import { installedServers, runBench } from './run/run-bench'
import { workloadTable } from './workloads/workload-table'

const args = process.argv.slice(2)
const names = workloadTable.map(({ name }) => name)
try {
  const options = parseOptions(args, names)
  if (options.isHelp) tell(helpText(names))
  else if (options.isMachines) tell(machineTable(measureMachines(options.scale)))
  else await bench(options)
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = 1
}

async function bench({
  servers: ids,
  only,
  rounds,
  scale,
  isWritten,
}: BenchOptions): Promise<void> {
  const startedMs = performance.now()
  const servers = installedServers(ids, tell)
  const wanted = workloadTable.filter(({ name }) => only.length === 0 || only.includes(name))
  const workloads = await runBench(wanted, { servers, rounds, scale, tell })
  tell(`\n${resultsText(workloads, servers)}`)
  if (!isWritten) return
  const command = ['npx pnpm bench', ...args].join(' ')
  const machines = measureMachines(scale)
  const minutes = Math.round((performance.now() - startedMs) / 60_000)
  const results = { command, rounds, scale, minutes, servers, workloads, machines }
  writeResults(process.cwd(), results)
}

function tell(line: string): void {
  process.stdout.write(`${line}\n`)
}
