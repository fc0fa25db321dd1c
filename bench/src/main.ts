import { machineTable, measureMachines } from './machines/machine-figures'
import { helpText, parseOptions, type BenchOptions } from './options'
import { figureTable } from './report/figure-table'
import { installedServers, runBench } from './run/run-bench'
import { workloadTable } from './workloads/workload-table'

try {
  await main(
    parseOptions(
      process.argv.slice(2),
      workloadTable.map(({ name }) => name),
    ),
  )
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = 1
}

async function main(options: BenchOptions): Promise<void> {
  if (options.isHelp) {
    tell(helpText)
    return
  }
  if (options.isMachines) {
    tell(machineTable(measureMachines()))
    return
  }
  const servers = installedServers(options.servers, tell)
  const workloads = workloadTable.filter(
    ({ name }) => options.only.length === 0 || options.only.includes(name),
  )
  const { rounds, scale } = options
  const runs = await runBench(workloads, { servers, rounds, scale, tell })
  tell(`\n${figureTable(runs, servers)}`)
}

function tell(line: string): void {
  process.stdout.write(`${line}\n`)
}
