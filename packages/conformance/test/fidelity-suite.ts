import { afterAll, beforeAll, describe, it } from '@jest/globals'
import { missingProgramsReason, missingRightReason } from '../src/fidelity/obstacles'
import { itUnless } from '../src/peers/it-with-peers'
import { runScenario } from '../src/scenarios/scenario'
import { scenarioGroups } from '../src/scenarios/scenario-table'
import type { ServerKind, ServerUnderTest } from '../src/servers/server-under-test'

/** Runs every scenario against one server, each as a test. */
export function describeFidelity(kind: ServerKind, start: () => Promise<ServerUnderTest>): void {
  let server: ServerUnderTest | undefined

  beforeAll(async () => {
    server = await start()
  })
  afterAll(async () => {
    await server?.stop()
  })

  describe.each(scenarioGroups)('$title', ({ scenarios }) => {
    for (const scenario of scenarios.filter(({ servers }) => servers.includes(kind))) {
      const name = `${scenario.name} (behaviour ${scenario.rows.join(', ') || 'outside the table'})`
      const run = (): Promise<void> => runScenario(scenario, started(server))
      const reason = missingRightReason(scenario, kind)
      if (reason !== undefined) it.skip(`${name} [${reason}]`, run)
      else itUnless(missingProgramsReason(scenario, kind), name, run, scenario.boundMs)
    }
  })
}

function started(server: ServerUnderTest | undefined): ServerUnderTest {
  if (server === undefined) throw new Error('the server did not start: see the error of beforeAll')
  return server
}
