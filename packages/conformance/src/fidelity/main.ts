import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { scenarioGroups, scenarioTable } from '../scenarios/scenario-table'
import { compatibilityPage } from './compatibility-page'
import { fidelityPage } from './fidelity-page'
import type { Observation } from './observation'
import { clientCapabilities, clientFacts, toolFacts } from './peer-facts'
import { rowsInTests } from './rows-in-tests'
import { lookUpRunFacts } from './run-facts'
import { runFidelity } from './run-fidelity'

const usage =
  'usage: pnpm fidelity [TEXT]: runs the scenarios whose name contains TEXT; without it all, and writes docs'
const rootFolder = process.cwd()
const [text, ...rest] = process.argv.slice(2)
if (rest.length > 0 || text?.startsWith('-') === true) {
  process.stderr.write(`${usage}\n`)
  process.exitCode = 2
} else {
  const scenarios = scenarioTable.filter(({ name }) => text === undefined || name.includes(text))
  const observations = await runFidelity(scenarios, tell)
  if (text === undefined) await writePages(observations)
  const isMet = observations.every(({ kind, verdict }) => kind === 'byHand' || verdict !== 'notMet')
  if (!isMet) process.exitCode = 1
}

function tell({ scenario, kind, verdict, reason, durationMs }: Observation): void {
  const said = { met: 'yes', notMet: 'NO', notRun: 'not run' }[verdict]
  const because = reason === '' ? '' : `: ${reason}`
  process.stdout.write(
    `${kind.padEnd(6)} ${said.padEnd(3)} ${durationMs} ms  ${scenario.name}${because}\n`,
  )
}

async function writePages(observations: readonly Observation[]): Promise<void> {
  const facts = lookUpRunFacts(rootFolder)
  const pages = {
    'fidelity.md': fidelityPage({
      groups: scenarioGroups,
      observations,
      facts,
      rowsInTests: rowsInTests(rootFolder),
    }),
    'compatibility.md': compatibilityPage({
      clients: await clientFacts(),
      capabilities: clientCapabilities,
      tools: toolFacts(),
      observations,
      facts,
    }),
  }
  for (const [name, page] of Object.entries(pages)) {
    writeFileSync(join(rootFolder, 'docs', name), page)
  }
}
