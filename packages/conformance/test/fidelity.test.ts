import { afterAll, beforeAll, describe } from '@jest/globals'
import { itUnless } from '../src/peers/it-with-peers'
import { missingPeerReason } from '../src/peers/missing-peer'
import { runScenario, type Scenario } from '../src/scenarios/scenario'
import { scenarioTable } from '../src/scenarios/scenario-table'
import { startExampleSshd } from '../src/servers/example-sshd'
import { startReferenceSshd } from '../src/servers/reference-sshd'
import type { ServerUnderTest } from '../src/servers/server-under-test'

const servers = [
  { name: 'OpenSSH sshd', kind: 'sshd', programs: ['ssh', 'sshd'], start: startReferenceSshd },
  { name: 'Hawse example sshd', kind: 'hawse', programs: ['ssh'], start: startExampleSshd },
] as const

describe.each(servers)('$name with OpenSSH clients', ({ kind, programs, start }) => {
  let server: ServerUnderTest | undefined

  beforeAll(async () => {
    server = await start()
  })
  afterAll(async () => {
    await server?.stop()
  })

  for (const scenario of scenarioTable) {
    if (!scenario.servers.includes(kind)) continue
    const name = `${scenario.name} (behaviour ${scenario.rows.join(', ') || 'outside the table'})`
    const reason =
      missingPeerReason([...programs, ...scenario.programs]) ?? missingRight(kind, scenario)
    itUnless(reason, name, () => runScenario(scenario, started(server)), scenario.boundMs)
  }
})

/** sshd changes the owner of a terminal, which only root may. */
function missingRight(kind: ServerUnderTest['kind'], scenario: Scenario): string | undefined {
  const isRoot = process.getuid?.() === 0
  if (isRoot || kind !== 'sshd' || !scenario.needsTerminal) return undefined
  return 'sshd gives terminals only when it runs as root: run the tests as root'
}

function started(server: ServerUnderTest | undefined): ServerUnderTest {
  if (server === undefined) throw new Error('the server did not start: see the error of beforeAll')
  return server
}
