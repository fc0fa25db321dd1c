import { afterAll, beforeAll, describe } from '@jest/globals'
import { itWithPeers } from '../src/peers/missing-peer'
import { runScenario } from '../src/scenarios/scenario'
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
    const needed = [...programs, ...scenario.programs]
    itWithPeers(name, needed, () => runScenario(scenario, started(server)), scenario.boundMs)
  }
})

function started(server: ServerUnderTest | undefined): ServerUnderTest {
  if (server === undefined) throw new Error('the server did not start: see the error of beforeAll')
  return server
}
