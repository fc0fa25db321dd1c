import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { lookUpRunFacts } from '../fidelity/run-facts'
import { reliabilityPage } from './reliability-page'
import { soakSpawnFaults } from './spawn-faults'
import { soakStop } from './server-stops'
import { soakSessions, type SoakResult } from './soak-sessions'

const options = {
  seconds: { type: 'string', default: '600' },
  seed: { type: 'string', default: String(Date.now() % 1_000_000) },
  serial: { type: 'string', default: '10000' },
  'at-once': { type: 'string', default: '500' },
  write: { type: 'boolean', default: false },
} as const
const policies = ['sshd', 'terminate'] as const
const rootFolder = process.cwd()
const { values } = parseArgs({ options })
const [seed, seconds] = [Number(values.seed), Number(values.seconds)]

tell(`seed ${seed}`)
try {
  await soak()
} catch (error) {
  tell(`seed ${seed} FAILED: ${error instanceof Error ? error.message : String(error)}`)
  process.exitCode = 1
}

async function soak(): Promise<void> {
  const [startedMs, counts] = [performance.now(), new Map<string, number>()]
  const spawnFaults = await soakSpawnFaults(counts)
  tell('programs that could not start: nothing left')
  for (const policy of policies) {
    await soakStop('SIGTERM', policy, seed, counts)
    await soakStop('SIGKILL', policy, seed, counts)
    tell(`policy ${policy}: two stops of the server, nothing left`)
  }
  const results: SoakResult[] = []
  for (const [index, policy] of policies.entries()) {
    const deadlineMs = startedMs + (seconds * 1000 * (index + 1)) / policies.length
    const serialCount = Math.round(Number(values.serial) / policies.length)
    const size = { serialCount, atOnceCount: Number(values['at-once']), deadlineMs }
    results.push(await soakSessions(policy, seed, size, counts, tell))
    tell(`policy ${policy}: ${results.at(-1)?.serialCount ?? 0} in series, nothing lost or left`)
  }
  const took = Math.round((performance.now() - startedMs) / 1000)
  const command = ['npx pnpm soak', ...process.argv.slice(2)].join(' ')
  const facts = lookUpRunFacts(rootFolder)
  const page = { command, seed, seconds: took, facts, counts, results, spawnFaults }
  if (values.write) writeFileSync(join(rootFolder, 'docs/reliability.md'), reliabilityPage(page))
}

function tell(line: string): void {
  process.stdout.write(`${line}\n`)
}
