import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { lookUpRunFacts } from '@hawse/conformance/servers'
import { growthRuns, type BenchResults } from './bench-results'
import { growthChart } from './growth'
import { chartFile, performancePage } from './performance-page'
import { withSpeedRows } from './speed-rows'

/** Writes docs/performance.md, its chart, and the rows of the README. */
export function writeResults(rootFolder: string, results: BenchResults): void {
  const docs = join(rootFolder, 'docs')
  const page = join(docs, 'performance.md')
  const before = existsSync(page) ? readFileSync(page, 'utf8') : ''
  writeFileSync(page, performancePage(results, lookUpRunFacts(rootFolder), before))
  const growth = growthRuns(results.workloads)
  if (growth !== undefined) writeFileSync(join(docs, chartFile), growthChart(growth))
  const readme = join(rootFolder, 'README.md')
  writeFileSync(readme, withSpeedRows(readFileSync(readme, 'utf8'), results.workloads))
}
