import { createHash, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { waitUntil } from '@hawse/port-conformance'
import { expect } from 'expect'
import { readDigest } from '../../servers/output-reader'
import { runClient, startClient } from '../../servers/run-client'
import { clientOptions, sshArguments } from '../../servers/server-under-test'
import { digestOfFile, makeFile } from '../tools/files-to-send'
import { runTool, toolBoundMs } from '../tools/run-tool'
import { scenario, type Scenario, type ScenarioContext } from '../scenario'

/** Sessions of one connection. */
export const sharedConnectionScenarios: readonly Scenario[] = [
  scenario(
    'serves ten sessions of one connection at once',
    [3, 4, 9, 10, 20],
    (context) => withSharedConnection(context, useTenSessions),
    {
      programs: ['sftp'],
      boundMs: toolBoundMs,
      peer: { name: 'ssh', capability: 'ControlMaster: commands, streams and sftp, ten at once' },
    },
  ),
]

async function useTenSessions(context: ScenarioContext, path: readonly string[]): Promise<void> {
  const { local } = makeFile(context.folder.path)
  await Promise.all([
    ...[1, 2, 3, 4, 5].map((code) => runCommand(context, path, code)),
    ...[1, 2, 3].map(() => sendStream(context, path)),
    ...[1, 2].map((number) => transfer(context, path, local, number)),
  ])
}

async function withSharedConnection(
  context: ScenarioContext,
  use: (context: ScenarioContext, path: readonly string[]) => Promise<void>,
): Promise<void> {
  const { server, folder } = context
  const path = ['-o', `ControlPath=${folder.file('control')}`]
  const master = startClient('ssh', sshArguments(server, [], ['-M', '-N', ...path]), {
    input: null,
  })
  const ended = once(master, 'close')
  const control = (request: string): Promise<{ code: number | null }> =>
    runClient('ssh', sshArguments(server, [], ['-O', request, ...path]))
  try {
    await waitUntil(
      async () => (await control('check')).code === 0,
      () => 'the shared connection should be open',
    )
    await use(context, path)
  } finally {
    await Promise.all([control('exit'), ended])
  }
}

async function runCommand(
  { server }: ScenarioContext,
  path: readonly string[],
  code: number,
): Promise<void> {
  const args = sshArguments(server, [`cat; seq 1 100000 >&2; exit ${code}`], path)
  const result = await runClient('ssh', args, { input: `${code}\n` })
  expect(result.stdout.toString()).toBe(`${code}\n`)
  expect(result.stderr).toHaveLength(588_895)
  expect(result.code).toBe(code)
}

async function sendStream({ server }: ScenarioContext, path: readonly string[]): Promise<void> {
  const input = randomBytes(5_000_000)
  const options = { input, stdoutReader: readDigest }
  const { code, stdout } = await runClient('ssh', sshArguments(server, ['cat'], path), options)
  expect(stdout.toString()).toBe(createHash('sha256').update(input).digest('hex'))
  expect(code).toBe(0)
}

async function transfer(
  context: ScenarioContext,
  path: readonly string[],
  local: string,
  number: number,
): Promise<void> {
  const { server, folder } = context
  const [remote, back] = [folder.file(`remote-${number}`), folder.file(`back-${number}`)]
  const input = `put ${local} ${remote}\nget ${remote} ${back}\nbye\n`
  const args = ['-b', '-', ...path, ...clientOptions(server), server.host]
  expect((await runTool(context, 'sftp', args, { input })).code).toBe(0)
  expect(digestOfFile(remote)).toBe(digestOfFile(local))
  expect(digestOfFile(back)).toBe(digestOfFile(local))
}
