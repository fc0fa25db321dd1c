import { expect } from 'expect'
import { listTree, makeTree } from './files-to-send'
import { shellCommand, succeed, toolBoundMs } from './run-tool'
import { scenario, type Scenario, type ScenarioContext } from '../scenario'

/** Trees as streams. */
export const tarScenarios: readonly Scenario[] = [
  scenario('carries a tree through tar both ways', [9, 10], transfer, {
    programs: ['bash', 'tar'],
    boundMs: toolBoundMs,
    peer: { name: 'tar', capability: 'a tree through `ssh` both ways' },
  }),
]

async function transfer(context: ScenarioContext): Promise<void> {
  const { server, folder } = context
  const tree = makeTree(folder.file('tree'))
  const [remote, back] = [folder.file('remote'), folder.file('back')]
  const ssh = `${shellCommand(server)} ${server.host}`
  const lines = [
    'set -e -o pipefail',
    `tar -C ${tree} -c . | ${ssh} 'mkdir ${remote} && tar -C ${remote} -xp'`,
    `mkdir ${back}`,
    `${ssh} 'tar -C ${remote} -cz .' | tar -C ${back} -xzp`,
  ]
  await succeed(context, 'bash', ['-c', lines.join('\n')])
  expect(listTree(remote, true)).toEqual(listTree(tree, true))
  expect(listTree(back, true)).toEqual(listTree(tree, true))
}
