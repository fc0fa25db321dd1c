import { afterEach, describe, expect } from '@jest/globals'
import { itWithPeers } from '../src/peers/it-with-peers'
import { isRunning } from '../src/peers/processes'
import { waitUntil } from '../src/peers/wait-until'
import { killClientOf, waitForFile } from '../src/scenarios/disconnect-scenarios'
import { runScenario, scenario, type Scenario } from '../src/scenarios/scenario'
import { startExampleSshd } from '../src/servers/example-sshd'
import { startReferenceSshd } from '../src/servers/reference-sshd'
import type { ServerUnderTest } from '../src/servers/server-under-test'

const forced = 'echo "forced: $SSH_ORIGINAL_COMMAND"; exit 4'

const forcedServers = [
  {
    name: 'OpenSSH sshd',
    programs: ['ssh', 'sshd'],
    start: () => startReferenceSshd({ configuration: [`ForceCommand ${forced}`] }),
  },
  {
    name: 'Hawse example sshd',
    programs: ['ssh'],
    start: () => startExampleSshd({ args: ['--force-command', forced] }),
  },
]

let server: ServerUnderTest | undefined

afterEach(async () => {
  await server?.stop()
  server = undefined
})

describe.each(forcedServers)('$name with a forced command', ({ programs, start }) => {
  itWithPeers('runs it whatever the client asks for (behaviour 7)', programs, () =>
    against(start, async ({ ssh }) => {
      const result = await ssh('echo "not this"')
      expect(result.stdout.toString()).toBe('forced: echo "not this"\n')
      expect(result.code).toBe(4)
    }),
  )

  itWithPeers('runs it for a subsystem too (behaviour 7)', programs, () =>
    against(start, async ({ ssh }) => {
      const result = await ssh('sftp', { options: ['-s'] })
      expect(result.stdout.toString()).toMatch(/^forced: .*sftp/)
      expect(result.code).toBe(4)
    }),
  )
})

describe('Hawse example sshd with a policy for lost clients (behaviour 25)', () => {
  itWithPeers('sends SIGHUP with "hangUp"', ['ssh'], async () => {
    await against(startWith('hangUp'), async (context) => {
      const file = context.folder.file('hup')
      // A shell that tells of the death of its child on a closed stderr would die of SIGPIPE first.
      const trap = `exec 2>/dev/null; trap 'echo hup > ${file}; exit' HUP`
      await killClientOf(context, `${trap}; echo ready; while :; do sleep .05; done`)
      await waitForFile(file)
    })
  })

  itWithPeers(
    'ends a program that ignores SIGHUP and SIGTERM with "terminate"',
    ['ssh'],
    async () => {
      await against(startWith('terminate'), async (context) => {
        const program = `sleep 600.${Math.floor(Math.random() * 1e9)}`
        await killClientOf(context, `trap '' HUP TERM; echo ready; exec ${program}`)
        await waitUntil(
          () => !isRunning(program),
          () => `"${program}" should be killed`,
        )
      })
    },
  )
})

function startWith(policy: string): () => Promise<ServerUnderTest> {
  return () => startExampleSshd({ args: ['--on-disconnect', policy] })
}

async function against(start: () => Promise<ServerUnderTest>, run: Scenario['run']): Promise<void> {
  server = await start()
  await runScenario(scenario('with its own server', [], run), server)
}
