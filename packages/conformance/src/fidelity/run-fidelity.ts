import { missingPeerReason } from '../peers/missing-peer'
import { runScenario, type Scenario, type ScenarioTrace } from '../scenarios/scenario'
import { startByHandServer } from '../servers/by-hand-server'
import { startExampleSshd } from '../servers/example-sshd'
import { startReferenceSshd } from '../servers/reference-sshd'
import type { ServerKind, ServerUnderTest } from '../servers/server-under-test'
import { missingProgramsReason, missingRightReason } from './obstacles'
import type { Observation } from './observation'
import { reasonInALine } from './reason'

/** Least time the server by hand gets, in milliseconds, unless told otherwise. */
const defaultPatienceMs = 10_000

/** How many times the time of the others the server by hand gets. */
const patienceFactor = 5

const startByKind: Readonly<Record<ServerKind, () => Promise<ServerUnderTest>>> = {
  sshd: () => startReferenceSshd(),
  hawse: () => startExampleSshd(),
  byHand: startByHandServer,
}

/** Runs scenarios one by one, each against all servers in turn, and tells of each as it ends. */
export async function runFidelity(
  scenarios: readonly Scenario[],
  report: (observation: Observation) => void,
  leastPatienceMs = defaultPatienceMs,
): Promise<readonly Observation[]> {
  const observations: Observation[] = []
  const servers = await startServers()
  try {
    for (const scenario of scenarios) {
      for (const kind of kindsFor(scenario)) {
        const patienceMs = patienceFor(scenario, kind, observations, leastPatienceMs)
        const observation = await observe(scenario, kind, servers.get(kind), patienceMs)
        observations.push(observation)
        report(observation)
      }
    }
  } finally {
    await Promise.all([...servers.values()].map((server) => server.stop()))
  }
  return observations
}

/** A client or a tool is shown to work with ours; what it makes of the server by hand tells nothing of it. */
function kindsFor({ servers, peer }: Scenario): readonly ServerKind[] {
  return peer === undefined ? servers : servers.filter((kind) => kind !== 'byHand')
}

/** An exception may end the server by hand for good, so it is started for each scenario. */
async function startServers(): Promise<ReadonlyMap<ServerKind, ServerUnderTest>> {
  const reason = missingPeerReason(['sshd'])
  const kinds: readonly ServerKind[] = reason === undefined ? ['sshd', 'hawse'] : ['hawse']
  const started = kinds.map(async (kind) => [kind, await startByKind[kind]()] as const)
  return new Map(await Promise.all(started))
}

async function observe(
  scenario: Scenario,
  kind: ServerKind,
  shared: ServerUnderTest | undefined,
  patienceMs: number,
): Promise<Observation> {
  const startedMs = performance.now()
  const trace: ScenarioTrace = { received: [] }
  const seen = (verdict: Observation['verdict'], reason: string): Observation => {
    const durationMs = Math.round(performance.now() - startedMs)
    return { scenario, kind, verdict, reason, received: trace.received[0] ?? [], durationMs }
  }
  const missing = missingRightReason(scenario, kind) ?? missingProgramsReason(scenario, kind)
  if (missing !== undefined) return seen('notRun', missing)
  const server = shared ?? (await startByKind[kind]())
  try {
    await withPatience(runScenario(scenario, server, trace), server, patienceMs)
    return seen('met', '')
  } catch (error) {
    return seen('notMet', serverFault(server) ?? reasonInALine(error))
  } finally {
    if (shared === undefined) await server.stop()
  }
}

/** What ended the server by hand, if something did: an exception that nobody caught. */
function serverFault(server: ServerUnderTest): string | undefined {
  if (server.kind !== 'byHand') return undefined
  const fault = /^(?:\w*Error)(?: \[\w+\])?: .*/m.exec(server.log())
  return fault === null ? undefined : `the server dies: ${reasonInALine(fault[0])}`
}

/** A client that hangs is freed by the end of its server, and what it makes of that counts for nothing. */
async function withPatience(
  run: Promise<void>,
  server: ServerUnderTest,
  patienceMs: number,
): Promise<void> {
  const patience = { isOver: false }
  const timer = setTimeout(() => {
    patience.isOver = true
    void server.stop()
  }, patienceMs)
  const [result] = await Promise.allSettled([run]).finally(() => clearTimeout(timer))
  if (patience.isOver) throw new Error(`hangs: not over after ${Math.round(patienceMs / 1000)} s`)
  if (result.status === 'rejected') throw result.reason
}

/** The others have the time that the scenario allows itself; of the server by hand many hang for ever. */
function patienceFor(
  scenario: Scenario,
  kind: ServerKind,
  observations: readonly Observation[],
  leastPatienceMs: number,
): number {
  if (kind !== 'byHand') return scenario.boundMs
  const others = observations.filter((observation) => observation.scenario === scenario)
  const longestMs = Math.max(0, ...others.map(({ durationMs }) => durationMs))
  return Math.max(leastPatienceMs, patienceFactor * longestMs)
}
