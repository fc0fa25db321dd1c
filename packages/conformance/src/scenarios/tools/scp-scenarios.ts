import { expect } from 'expect'
import { clientOptions } from '../../servers/server-under-test'
import { digestOfFile, listTree, makeFile, makeTree } from './files-to-send'
import { runTool, succeed, toolBoundMs } from './run-tool'
import { scenario, type Scenario, type ScenarioContext } from '../scenario'

/** The protocols of `scp`: that of today, and that of old which runs `scp` on the other side. */
const protocols = [
  { name: 'scp over SFTP', options: [], rows: [3, 9, 10], capability: 'over SFTP' },
  { name: 'scp of old', options: ['-O'], rows: [9, 10], capability: 'the protocol of old (-O)' },
] as const

/** What people do with `scp`, over each of its protocols. */
export const scpScenarios: readonly Scenario[] = protocols.flatMap(
  ({ name, options, rows, capability }) => {
    const details = (what: string): Partial<Scenario> => ({
      programs: ['scp'],
      boundMs: toolBoundMs,
      peer: { name: 'scp', capability: `${capability}: ${what}` },
    })
    return [
      scenario(
        `carries ${name} both ways`,
        rows,
        (context) => transfer(context, options),
        details('a file both ways'),
      ),
      scenario(
        `keeps modes and times of a tree with ${name}`,
        rows,
        (context) => transferTree(context, options),
        details('a tree with modes and times (-r, -p)'),
      ),
      scenario(
        `fails ${name} where the file is missing`,
        rows,
        (context) => askForMissing(context, options),
        details('error and exit code of a missing file'),
      ),
    ]
  },
)

async function transfer(context: ScenarioContext, options: readonly string[]): Promise<void> {
  const { server, folder } = context
  const { local, remote, back } = makeFile(folder.path)
  const common = [...options, ...clientOptions(server)]
  await succeed(context, 'scp', [...common, local, `${server.host}:${remote}`])
  await succeed(context, 'scp', [...common, `${server.host}:${remote}`, back])
  expect(digestOfFile(remote)).toBe(digestOfFile(local))
  expect(digestOfFile(back)).toBe(digestOfFile(local))
}

async function transferTree(context: ScenarioContext, options: readonly string[]): Promise<void> {
  const { server, folder } = context
  const tree = makeTree(folder.file('tree'))
  const [remote, back] = [folder.file('remote'), folder.file('back')]
  const common = ['-r', '-p', ...options, ...clientOptions(server)]
  await succeed(context, 'scp', [...common, tree, `${server.host}:${remote}`])
  await succeed(context, 'scp', [...common, `${server.host}:${remote}`, back])
  expect(listTree(remote, true)).toEqual(listTree(tree, true))
  expect(listTree(back, true)).toEqual(listTree(tree, true))
}

async function askForMissing(context: ScenarioContext, options: readonly string[]): Promise<void> {
  const { server, folder } = context
  const missing = folder.file('missing')
  const args = [...options, ...clientOptions(server), `${server.host}:${missing}`, folder.path]
  const { code, stderr } = await runTool(context, 'scp', args)
  expect(code).toBe(1)
  expect(stderr.toString()).toContain(`${missing}: No such file or directory`)
}
