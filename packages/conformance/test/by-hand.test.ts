import { readFileSync, writeFileSync } from 'node:fs'
import { afterEach, beforeEach, describe, expect } from '@jest/globals'
import { itWithPeers } from '../src/peers/it-with-peers'
import { runScenario, scenario, type Scenario } from '../src/scenarios/scenario'
import { scenarioTable } from '../src/scenarios/scenario-table'
import { startByHandServer } from '../src/servers/by-hand-server'
import { runClient } from '../src/servers/run-client'
import { clientOptions, sshArguments, type ServerUnderTest } from '../src/servers/server-under-test'

/** An exception in one session ends the whole server by hand, so each test has its own. */
let server: ServerUnderTest

beforeEach(async () => {
  server = await startByHandServer()
})
afterEach(() => server.stop())

describe('the server by hand', () => {
  itPlays('passes both outputs and the exit code')
  itPlays('passes input, its end, and the answer after that')
  itPlays('passes what a background process says after the exit')
  itPlays('takes LANG and LC_* from the client and nothing else')
  itPlays('refuses an unknown key', 'ssh-keygen')

  itWithPeers('runs a shell that reads commands from its input', ['ssh'], async () => {
    const args = sshArguments(server, [], ['-T'])
    const result = await runClient('ssh', args, { input: 'echo "$USER"; exit 4\n' })
    expect(result.stdout.toString()).toBe(`${server.user}\n`)
    expect(result.code).toBe(4)
  })

  itWithPeers('puts a program on a terminal', ['ssh'], () =>
    act(async ({ ssh }) => {
      const terminal = { options: ['-tt'], environment: { TERM: 'vt220' } }
      const result = await ssh('tty; echo $TERM; exit 3', terminal)
      expect(result.stdout.toString()).toMatch(/^\/dev\/pts\/\d+\r\nvt220\r\n$/)
      expect(result.code).toBe(3)
    }),
  )

  itWithPeers('carries a file by sftp', ['sftp'], () =>
    act(async ({ folder }) => {
      const [batch, local, remote] = ['batch', 'local', 'remote'].map(folder.file)
      writeFileSync(local!, 'content\n')
      writeFileSync(batch!, `put ${local!} ${remote!}\n`)
      const result = await runClient('sftp', ['-b', batch!, ...clientOptions(server), server.host])
      expect(result.code).toBe(0)
      expect(readFileSync(remote!, 'utf8')).toBe('content\n')
    }),
  )
})

describe('scenarios that the server by hand does not meet', () => {
  itSeesFail('reports death by SIGBUS as exit-signal', /exit-signal/)
  itSeesFail('lets a program open its streams again by name', /by name/)
  itSeesFail('runs a login shell that reads commands from its input', /-\(ba\|da\|z\|k\)\?sh/)
  itSeesFail('puts the program on a terminal and names it', /dev\/pts/)
  itSeesFail('reports death by a signal on a terminal', /255/)
})

/** A scenario of the table that is met. */
function itPlays(name: string, ...programs: readonly string[]): void {
  itWithPeers(name, ['ssh', ...programs], () => runScenario(find(name), server))
}

/** A scenario of the table that is not met: so it can fail, and for the reason it is there. */
function itSeesFail(name: string, reason: RegExp): void {
  itWithPeers(`${name} (not met)`, ['ssh'], async () => {
    await expect(runScenario(find(name), server)).rejects.toThrow(reason)
  })
}

function act(run: Scenario['run']): Promise<void> {
  return runScenario(scenario('with the server by hand', [], run), server)
}

function find(name: string): Scenario {
  const found = scenarioTable.find((candidate) => candidate.name === name)
  if (found === undefined) throw new Error(`no scenario is called ${JSON.stringify(name)}`)
  return found
}
