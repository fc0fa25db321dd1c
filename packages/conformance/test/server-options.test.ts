import { chown } from 'node:fs/promises'
import { afterEach, describe, expect } from '@jest/globals'
import { makeTemporaryFolder, waitUntil } from '@hawse/port-conformance'
import { closedFolderReason } from '../src/peers/closed-folder'
import { itUnless, itWithPeers } from '../src/peers/it-with-peers'
import { missingPeerReason } from '../src/peers/missing-peer'
import { isRunning } from '../src/peers/processes'
import { killClientOf, waitForFile } from '../src/scenarios/session/disconnect-scenarios'
import { runScenario, scenario, type Scenario } from '../src/scenarios/scenario'
import { homelessAccount } from '../src/servers/account'
import { startExampleSshd } from '../src/servers/example-sshd'
import { startReferenceSshd } from '../src/servers/reference-sshd'
import { runClient } from '../src/servers/run-client'
import { sshArguments, type ServerUnderTest } from '../src/servers/server-under-test'
import { findSftpServer } from '../src/servers/sftp-server'
import { data, exec, signal } from '../src/wire/raw-messages'

const forced =
  'echo "forced: ${SSH_ORIGINAL_COMMAND-unset}"; test "$SSH_ORIGINAL_COMMAND" != wait || read line; exit 4'

const rootReason =
  process.getuid?.() === 0 ? undefined : 'it needs another account: run the tests as root'

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

  itWithPeers('tells it the command of the subsystem that was asked for', programs, () =>
    against(start, async ({ ssh }) => {
      const result = await ssh('sftp', { options: ['-s'] })
      expect(result.stdout.toString()).toBe(`forced: ${findSftpServer()}\n`)
      expect(result.code).toBe(4)
    }),
  )

  itWithPeers('tells it nothing where a shell was asked for (behaviour 7)', programs, () =>
    against(start, async ({ server }) => {
      const result = await runClient('ssh', sshArguments(server, [], ['-T']))
      expect(result.stdout.toString()).toBe('forced: unset\n')
      expect(result.code).toBe(4)
    }),
  )

  itWithPeers('refuses signals for it (behaviour 14)', programs, () =>
    against(start, async ({ connect }) => {
      const channel = await (await connect()).openSession()
      channel.send(exec('wait'))
      await channel.untilOutput('forced: wait\n')
      channel.send(signal('TERM'))
      await channel.untilAnswered()
      expect(channel.replies).toEqual(['SUCCESS', 'FAILURE'])
      channel.send(data('\n'))
      await channel.untilReceived('CLOSE')
      expect(channel.exitCode).toBe(4)
    }),
  )

  itUnless(missingPeerReason(programs) ?? rootReason, 'runs it on a terminal (behaviour 7)', () =>
    against(start, async ({ ssh }) => {
      const result = await ssh('a  "b"', { options: ['-tt'] })
      expect(result.stdout.toString()).toBe('forced: a  "b"\r\n')
      expect(result.code).toBe(4)
    }),
  )
})

const homelessServers = [
  {
    name: 'OpenSSH sshd',
    programs: ['ssh', 'sshd'],
    closedReason: undefined,
    start: () => startReferenceSshd({ account: homelessAccount() }),
  },
  {
    name: 'Hawse example sshd',
    programs: ['ssh'],
    closedReason: closedFolderReason(__filename),
    start: startHomelessExample,
  },
]

describe.each(homelessServers)('$name without a home folder', (server) => {
  const { programs, closedReason, start } = server
  const reason = missingPeerReason(programs) ?? rootReason ?? closedReason
  const line = 'Could not chdir to home directory /nonexistent: No such file or directory'

  itUnless(reason, 'says so on stderr and runs the command in / (behaviour 8)', () =>
    against(start, async ({ ssh }) => {
      const result = await ssh('pwd; exit 3')
      expect(result.stdout.toString()).toBe('/\n')
      expect(result.stderr.toString()).toBe(`${line}\n`)
      expect(result.code).toBe(3)
    }),
  )

  itUnless(reason, 'says so on a terminal and runs the command in / (behaviour 8)', () =>
    against(start, async ({ ssh }) => {
      const result = await ssh('pwd; exit 3', { options: ['-tt'] })
      expect(result.stdout.toString()).toBe(`${line}\r\n/\r\n`)
      expect(result.code).toBe(3)
    }),
  )
})

/** The example keeps files in the home folder unless it is told another. */
async function startHomelessExample(): Promise<ServerUnderTest> {
  const account = homelessAccount()
  const folder = await makeTemporaryFolder()
  await chown(folder.path, account.userId, account.groupId)
  const environment = { XDG_STATE_HOME: folder.path }
  const started = await startExampleSshd({ account, environment })
  return { ...started, stop: () => started.stop().finally(folder.remove) }
}

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
