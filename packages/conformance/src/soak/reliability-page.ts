import { cpus, totalmem } from 'node:os'
import { table } from '../fidelity/markdown'
import type { RunFacts } from '../fidelity/run-facts'
import type { Holdings, ServerResources } from './server-resources'
import type { SoakResult } from './soak-sessions'
import type { SessionCounts } from './soak-run'

/** What the page is made of. */
export interface ReliabilityPage {
  readonly command: string
  readonly seed: number
  readonly seconds: number
  readonly facts: RunFacts
  readonly counts: SessionCounts
  readonly results: readonly SoakResult[]
  readonly spawnFaults: { readonly before: Holdings; readonly after: Holdings }
}

/** The document that shows what was run, and what the servers held before and after. */
export function reliabilityPage(page: ReliabilityPage): string {
  const { command, seed, seconds, facts, counts, results, spawnFaults } = page
  const gibibytes = Math.round(totalmem() / 2 ** 30)
  return [
    '# Faults with nothing lost or left',
    '',
    'Written by `npx pnpm soak`; do not edit it by hand. Sessions of every kind run against [examples/sshd](../examples/sshd)',
    'in a process of its own, one after the other and many at once, and among them clients that go away at a random moment.',
    'Every byte and every exit of the others is compared with what it must be. After it the server holds what it held before.',
    '',
    `\`${command}\`, seed ${seed}, ${seconds} seconds on ${facts.date}: ${cpus().length} processors, ${gibibytes} GiB, ${facts.versions.join(', ')}.`,
    '',
    '## Sessions',
    '',
    table(
      ['what', 'how many, all as they must be'],
      [...counts].sort().map(([name, count]) => [name, String(count)]),
    ),
    '',
    ...results.flatMap(heldByServer),
    '## Held where programs could not start',
    '',
    holdingsTable(spawnFaults.before, spawnFaults.after),
    '',
    'Memory is measured by the server itself after a collection of garbage; active resources are what',
    '`process.getActiveResourcesInfo()` says. Session processes are found by their environment, also without a parent.',
    '',
  ].join('\n')
}

function heldByServer(result: SoakResult): readonly string[] {
  const { policy, serialCount, atOnceCount, before, after } = result
  return [
    `## Held with \`--on-disconnect ${policy}\``,
    '',
    `After a warm-up, and after ${serialCount} sessions in series and ${atOnceCount} at once.`,
    '',
    holdingsTable(
      { ...before.holdings, ...memory(before) },
      { ...after.holdings, ...memory(after) },
    ),
    '',
  ]
}

function memory({ residentBytes, heapBytes }: ServerResources): Holdings {
  const mebibytes = (bytes: number): number => Math.round(bytes / 2 ** 20)
  return { 'resident MiB': mebibytes(residentBytes), 'live heap MiB': mebibytes(heapBytes) }
}

function holdingsTable(before: Holdings, after: Holdings): string {
  const kinds = [...new Set([...Object.keys(before), ...Object.keys(after)])]
  const rows = kinds.map((kind) => [kind, String(before[kind] ?? 0), String(after[kind] ?? 0)])
  return table(['what', 'before', 'after'], rows)
}
