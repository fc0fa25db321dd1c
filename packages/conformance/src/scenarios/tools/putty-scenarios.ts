import { existsSync, writeFileSync } from 'node:fs'
import { expect } from 'expect'
import { digestOfFile, listTree, makeFile, makeTree } from './files-to-send'
import { hostKeyFingerprint } from './host-key-fingerprint'
import { runTool, succeed, toolBoundMs } from './run-tool'
import { scenario, type Scenario, type ScenarioContext } from '../scenario'

/** PuTTY's programs for files, with a key of PuTTY's own format. */
export const puttyScenarios: readonly Scenario[] = [
  ...(['-sftp', '-scp'] as const).map((protocol) =>
    scenario(
      `carries pscp ${protocol} both ways`,
      [3, 9, 10],
      (context) => transferByPscp(context, protocol),
      proves('pscp', `${protocol}: files and trees both ways`),
    ),
  ),
  scenario('keeps house with psftp', [3, 9, 10, 20], keepHouse, proves('psftp', 'a batch')),
]

async function transferByPscp(context: ScenarioContext, protocol: string): Promise<void> {
  const { server, folder } = context
  const { local, remote, back } = makeFile(folder.path)
  const tree = makeTree(folder.file('tree'))
  const options = [protocol, '-q', ...(await puttyOptions(context))]
  const pscp = (...args: readonly string[]): Promise<string> =>
    succeed(context, 'pscp', [...options, ...args])
  await pscp(local, `${server.host}:${remote}`)
  await pscp(`${server.host}:${remote}`, back)
  expect(digestOfFile(remote)).toBe(digestOfFile(local))
  expect(digestOfFile(back)).toBe(digestOfFile(local))
  expect((await context.ssh(`mkdir ${folder.file('place')}`)).code).toBe(0)
  await pscp('-r', '-p', tree, `${server.host}:${folder.file('place')}`)
  expect(listTree(folder.file('place/tree'))).toEqual(listTree(tree))
  const missing = `${server.host}:${folder.file('missing')}`
  const failed = await runTool(context, 'pscp', [...options, missing, back])
  expect(failed.code).toBe(1)
}

async function keepHouse(context: ScenarioContext): Promise<void> {
  const { folder } = context
  const { local, back } = makeFile(folder.path)
  const place = folder.file('place')
  const done = await psftp(context, [
    `mkdir ${place}`,
    `cd ${place}`,
    `put ${local} old-name`,
    'mv old-name new-name',
    'chmod 640 new-name',
    'ls',
    `get new-name ${back}`,
    'rm new-name',
  ])
  expect(done.code).toBe(0)
  expect(done.stdout.toString()).toMatch(/^-rw-r-----.*new-name\r?$/m)
  expect(digestOfFile(back)).toBe(digestOfFile(local))
  expect(existsSync(`${place}/new-name`)).toBe(false)
  const failed = await psftp(context, ['get missing', `rmdir ${place}`])
  expect(failed.code).toBe(2)
  expect(existsSync(place)).toBe(true)
}

async function psftp(
  context: ScenarioContext,
  commands: readonly string[],
): Promise<{ code: number | null; stdout: Buffer }> {
  const file = context.folder.file('batch')
  writeFileSync(file, `${commands.join('\n')}\nquit\n`)
  const args = [...(await puttyOptions(context)), '-b', file, context.server.host]
  return runTool(context, 'psftp', args)
}

async function puttyOptions(context: ScenarioContext): Promise<readonly string[]> {
  const { server, folder } = context
  const keyFile = folder.file('key.ppk')
  await succeed(context, 'puttygen', [server.clientKeyFile, '-O', 'private', '-o', keyFile])
  return [
    ...['-batch', '-noagent', '-P', String(server.port), '-l', server.user, '-i', keyFile],
    ...['-hostkey', `SHA256:${hostKeyFingerprint(server)}`],
  ]
}

function proves(name: string, capability: string): Partial<Scenario> {
  return { programs: [name, 'puttygen'], boundMs: toolBoundMs, peer: { name, capability } }
}
