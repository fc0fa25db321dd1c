import { mkdirSync, readdirSync } from 'node:fs'
import { expect } from 'expect'
import { missingMountReason } from '../../peers/missing-mount'
import { listTree, makeTree } from './files-to-send'
import { runTool, shellCommand, succeed, toolBoundMs } from './run-tool'
import { scenario, type Scenario, type ScenarioContext } from '../scenario'

/** A folder of the server as part of the file system. */
export const sshfsScenarios: readonly Scenario[] = [
  scenario('serves a mounted folder by sshfs', [3, 9, 10], useMount, {
    programs: ['sshfs', 'fusermount3'],
    unless: missingMountReason,
    boundMs: toolBoundMs,
    peer: { name: 'sshfs', capability: 'a folder mounted, written, read and changed' },
  }),
]

async function useMount(context: ScenarioContext): Promise<void> {
  const { server, folder, ssh } = context
  const tree = makeTree(folder.file('tree'))
  const [remote, mount] = [folder.file('remote'), folder.file('mount')]
  expect((await ssh(`mkdir ${remote}`)).code).toBe(0)
  mkdirSync(mount)
  const args = ['-o', `ssh_command=${shellCommand(server)}`, `${server.host}:${remote}`, mount]
  await succeed(context, 'sshfs', args)
  try {
    await succeed(context, 'cp', ['-r', tree, `${mount}/old-name`])
    await succeed(context, 'mv', [`${mount}/old-name`, `${mount}/new-name`])
    await succeed(context, 'cp', ['-r', `${mount}/new-name`, folder.file('back')])
    await succeed(context, 'rm', ['-r', `${mount}/new-name/folder-0`])
    const failed = await runTool(context, 'cat', [`${mount}/missing`])
    expect(failed.code).toBe(1)
  } finally {
    await succeed(context, 'fusermount3', ['-u', '-z', mount])
  }
  expect(listTree(folder.file('back'))).toEqual(listTree(tree))
  expect(listTree(`${remote}/new-name`)).toEqual(
    listTree(tree).filter((line) => !line.startsWith('/folder-0/')),
  )
  expect(readdirSync(mount)).toEqual([])
}
