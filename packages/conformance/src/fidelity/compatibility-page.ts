import type { Scenario } from '../scenarios/scenario'
import { code, table } from './markdown'
import type { Observation } from './observation'
import type { RunFacts } from './run-facts'

/** A client or tool as the page names it. */
export interface PeerFacts {
  readonly name: string
  /** What it prints about its version. */
  readonly version: string
  /** What it cannot show, by capability, with the reason. */
  readonly cannot: Readonly<Partial<Record<string, string>>>
}

/** What the page is made of. */
export interface CompatibilityPage {
  /** Clients that are asked for the same things, each a row. */
  readonly clients: readonly PeerFacts[]
  /** What they are asked for, each a column. */
  readonly capabilities: readonly string[]
  /** Programs that use `ssh` or bring a client of their own, each with what was done with it. */
  readonly tools: readonly PeerFacts[]
  readonly observations: readonly Observation[]
  readonly facts: RunFacts
}

/** The document that shows which clients and tools were run, and what came of it. */
export function compatibilityPage(page: CompatibilityPage): string {
  const { facts } = page
  return [
    '# Clients and tools',
    '',
    'Written by `npx pnpm fidelity`; do not edit it by hand. Each of these was run against [examples/sshd](../examples/sshd),',
    "and with the same assertions against OpenSSH's `sshd`.",
    '',
    `Run on ${facts.date} with ${facts.versions.join(', ')}.`,
    '',
    '## Clients',
    '',
    clientTable(page),
    '',
    ...page.clients.flatMap(limits),
    '## Tools',
    '',
    toolTable(page),
    '',
  ].join('\n')
}

function clientTable({ clients, capabilities, observations }: CompatibilityPage): string {
  const rows = clients.map((client) => [
    client.name,
    client.version,
    ...capabilities.map((capability) =>
      capability in client.cannot
        ? 'cannot'
        : verdicts(observations.filter(isAbout(client.name, capability))),
    ),
  ])
  return table(['client', 'version', ...capabilities], rows)
}

function limits({ name, cannot }: PeerFacts): readonly string[] {
  const items = Object.entries(cannot).map(
    ([what, reason]) => `- ${name} and ${what}: ${reason ?? ''}`,
  )
  return items.length === 0 ? [] : [...items, '']
}

function toolTable({ tools, capabilities, observations }: CompatibilityPage): string {
  const rows = tools.flatMap(({ name, version }) => {
    const ofTool = observations.filter(({ scenario }) => peerOf(scenario).name === name)
    const runs = new Set(ofTool.map(({ scenario }) => peerOf(scenario).capability))
    const others = [...runs].filter((capability) => !capabilities.includes(capability))
    return others.map((capability, index) => [
      index === 0 ? name : '',
      index === 0 ? version : '',
      capability,
      verdicts(ofTool.filter(isAbout(name, capability))),
    ])
  })
  return table(['tool', 'version', 'what was run', 'result'], rows)
}

function isAbout(name: string, capability: string): (observation: Observation) => boolean {
  return ({ scenario }) =>
    peerOf(scenario).name === name && peerOf(scenario).capability === capability
}

/** One word where both servers did as asserted; otherwise what each did. */
function verdicts(observations: readonly Observation[]): string {
  const seen = observations.filter(({ kind }) => kind !== 'byHand')
  if (seen.length > 0 && seen.every(({ verdict }) => verdict === 'met')) return 'yes'
  const said = { met: 'yes', notMet: '**no**', notRun: 'not run' }
  return seen
    .map(({ kind, verdict, reason }) => `${kind}: ${said[verdict]} ${code(reason)}`.trim())
    .join('; ')
}

function peerOf({ peer }: Scenario): { readonly name: string; readonly capability: string } {
  return peer ?? { name: '', capability: '' }
}
