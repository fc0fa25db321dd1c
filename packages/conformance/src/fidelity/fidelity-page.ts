import type { ScenarioGroup } from '../scenarios/scenario-table'
import type { Scenario } from '../scenarios/scenario'
import type { ServerKind } from '../servers/server-under-test'
import { behaviourRows } from './behaviour-rows'
import { code, table } from './markdown'
import type { Observation } from './observation'
import type { RunFacts } from './run-facts'

/** What the page is made of. */
export interface FidelityPage {
  readonly groups: readonly ScenarioGroup[]
  readonly observations: readonly Observation[]
  readonly facts: RunFacts
  /** Test files by the number of the row that they name. */
  readonly rowsInTests: ReadonlyMap<number, readonly string[]>
}

const kinds: readonly (readonly [ServerKind, string])[] = [
  ['sshd', 'sshd'],
  ['hawse', 'Hawse'],
  ['byHand', 'by hand'],
]

/** Longest order of messages that is shown whole. */
const shownMessageCount = 10

/** The document that shows for each scenario what was seen on each server. */
export function fidelityPage(page: FidelityPage): string {
  return [
    introduction(page),
    differences(page),
    ...page.groups.map((group) => groupSection(group, page.observations)),
    rowSection(page),
  ]
    .filter((section) => section !== '')
    .join('\n\n')
    .concat('\n')
}

function introduction({ observations, facts }: FidelityPage): string {
  const counts = kinds.map(([kind, name]) => {
    const seen = observations.filter((one) => one.kind === kind && one.verdict !== 'notRun')
    const met = seen.filter((one) => one.verdict === 'met').length
    return [name, String(met), String(seen.length)]
  })
  return [
    '# As `sshd` behaves: the run',
    '',
    'Written by `npx pnpm fidelity`; do not edit it by hand. One table of scenarios is run with the same assertions against',
    "OpenSSH's `sshd`, against [examples/sshd](../examples/sshd), and against a server",
    '[by hand](../packages/conformance/by-hand/server.mjs): spawn, pipe and exit over the public API of ssh2.',
    'The first two columns are also tests (`packages/conformance/test`). The third shows what each scenario guards against; a',
    'race there may fall the other way in another run.',
    '',
    `Run on ${facts.date} with ${facts.versions.join(', ')}.`,
    '',
    table(['server', 'scenarios met', 'of'], counts),
    '',
    'The last column shows the messages that the client received on the channel, for the first `ssh` or the first channel of',
    'a scenario; several of one kind in a row are shown once. OPEN_CONFIRMATION, always the first, is left out, and `ssh` does',
    'not tell of DATA and WINDOW_ADJUST: those stand where the scenario is on the wire. The order of EOF and the report of the',
    'exit is open: both occur with `sshd` too.',
  ].join('\n')
}

function differences({ groups }: FidelityPage): string {
  const scenarios = groups.flatMap((group) => group.scenarios)
  const listed = scenarios.filter(({ difference }) => difference !== undefined)
  const items = listed.map(({ name, difference }) => `- **${name}:** ${difference ?? ''}`)
  return ['## Where Hawse differs on purpose', '', ...items].join('\n')
}

function groupSection(group: ScenarioGroup, observations: readonly Observation[]): string {
  const scenarios = group.scenarios.filter(({ peer }) => peer === undefined)
  if (scenarios.length === 0) return ''
  const rows = scenarios.map((scenario) => [
    scenario.name,
    scenario.rows.join(', '),
    ...kinds.map(([kind]) => verdict(find(observations, scenario, kind))),
    orders(observations, scenario),
  ])
  const head = ['scenario', 'rows', ...kinds.map(([, name]) => name), 'received']
  return [`## ${group.title}`, '', table(head, rows)].join('\n')
}

function find(
  observations: readonly Observation[],
  scenario: Scenario,
  kind: ServerKind,
): Observation | undefined {
  return observations.find((one) => one.scenario === scenario && one.kind === kind)
}

function verdict(observation: Observation | undefined): string {
  if (observation === undefined) return '-'
  if (observation.verdict === 'met') return 'yes'
  const said = observation.verdict === 'notMet' ? '**no**' : 'not run'
  return `${said}: ${code(observation.reason)}`
}

function orders(observations: readonly Observation[], scenario: Scenario): string {
  const [sshd, hawse] = (['sshd', 'hawse'] as const).map((kind) =>
    order(find(observations, scenario, kind)?.received ?? []),
  )
  if (sshd === hawse) return code(hawse ?? '')
  return [
    ...(sshd === undefined || sshd === '' ? [] : [`sshd ${code(sshd)}`]),
    ...(hawse === undefined || hawse === '' ? [] : [`Hawse ${code(hawse)}`]),
  ].join('; ')
}

function order(received: readonly string[]): string {
  const names = received[0] === 'OPEN_CONFIRMATION' ? received.slice(1) : received
  if (names.length <= shownMessageCount) return names.join(' ')
  const half = shownMessageCount / 2
  return [...names.slice(0, half), '...', ...names.slice(-half)].join(' ')
}

function rowSection({ groups, rowsInTests }: FidelityPage): string {
  const scenarios = groups.flatMap((group) => group.scenarios)
  const rows = behaviourRows.map(({ number, statement }) => [
    String(number),
    statement,
    String(scenarios.filter((scenario) => scenario.rows.includes(number)).length),
    (rowsInTests.get(number) ?? []).map((file) => fileLink(file)).join(', '),
  ])
  const head = ['row', 'what a session does', 'scenarios', 'tests that name it']
  return ['## The rows', '', table(head, rows)].join('\n')
}

function fileLink(file: string): string {
  const [, packageName, , ...path] = file.split('/')
  return `[${packageName ?? ''}: ${path.join('/').replace(/\.test\.ts$/, '')}](../${file})`
}
