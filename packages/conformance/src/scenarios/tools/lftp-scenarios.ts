import { expect } from 'expect'
import { listTree, makeTree } from './files-to-send'
import { runTool, shellCommand, succeed, toolBoundMs } from './run-tool'
import { scenario, type Scenario, type ScenarioContext } from '../scenario'

/** `lftp`, which speaks SFTP through the `ssh` of the system. */
export const lftpScenarios: readonly Scenario[] = [
  scenario('mirrors a tree with lftp both ways', [3, 9, 10], mirror, {
    programs: ['lftp'],
    boundMs: toolBoundMs,
    peer: { name: 'lftp', capability: 'mirror and mirror -R, three files at once' },
  }),
]

async function mirror(context: ScenarioContext): Promise<void> {
  const { folder } = context
  const tree = makeTree(folder.file('tree'))
  const [remote, back] = [folder.file('remote'), folder.file('back')]
  await succeed(context, 'lftp', script(context, `mirror -R --parallel=3 ${tree} ${remote}`))
  await succeed(context, 'lftp', script(context, `mirror --parallel=3 ${remote} ${back}`))
  expect(listTree(remote)).toEqual(listTree(tree))
  expect(listTree(back, true)).toEqual(listTree(tree, true))
  const failed = await runTool(context, 'lftp', script(context, `get ${folder.file('missing')}`))
  expect(failed.code).toBe(1)
  expect(failed.stderr.toString()).toContain('No such file')
}

/** lftp wants a password in the address, or it asks for one; the key is what logs in. */
function script({ server }: ScenarioContext, command: string): readonly string[] {
  const lines = [
    'set cmd:fail-exit yes',
    'set net:max-retries 1',
    `set sftp:connect-program "${shellCommand(server)} -a -x"`,
    `open sftp://${server.user}:unused@${server.host}`,
    command,
  ]
  return ['--norc', '-c', lines.join('; ')]
}
