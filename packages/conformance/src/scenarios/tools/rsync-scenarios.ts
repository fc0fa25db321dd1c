import { appendFileSync, existsSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { once } from 'node:events'
import { join } from 'node:path'
import { waitUntil } from '@hawse/port-conformance'
import { expect } from 'expect'
import { startClient } from '../../servers/run-client'
import {
  digestOfFile,
  largeFileByteCount,
  listTree,
  makeLargeFile,
  makeTree,
} from './files-to-send'
import { homeIn, shellCommand, succeed, toolBoundMs } from './run-tool'
import { scenario, type Scenario, type ScenarioContext } from '../scenario'

/** What people do with `rsync`. */
export const rsyncScenarios: readonly Scenario[] = [
  scenario(
    'carries rsync both ways',
    [9, 10],
    (context) => transfer(context, ['--archive']),
    proves('a tree with modes and times'),
  ),
  scenario(
    'carries rsync with checksums and compression',
    [9, 10],
    (context) => transfer(context, ['--archive', '--checksum', '-z']),
    proves('--checksum -z'),
  ),
  scenario(
    'brings a tree in step again with rsync',
    [9, 10],
    synchronizeAgain,
    proves('a tree again, with --delete'),
  ),
  scenario(
    'takes a large rsync up where it was cut short',
    [9, 10, 25],
    resume,
    proves('100 MB with holes, cut short and taken up again (--partial)'),
  ),
]

async function transfer(context: ScenarioContext, options: readonly string[]): Promise<void> {
  const { server, folder } = context
  const tree = makeTree(folder.file('tree'))
  const remote = `${server.host}:${folder.file('remote')}/`
  await rsync(context, [...options, `${tree}/`, remote])
  await rsync(context, [...options, remote, folder.file('back')])
  expect(listTree(folder.file('remote'), true)).toEqual(listTree(tree, true))
  expect(listTree(folder.file('back'), true)).toEqual(listTree(tree, true))
}

async function synchronizeAgain(context: ScenarioContext): Promise<void> {
  const { server, folder } = context
  const tree = makeTree(folder.file('tree'))
  const remote = `${server.host}:${folder.file('remote')}/`
  const options = ['--archive', '--delete']
  await rsync(context, [...options, `${tree}/`, remote])
  await rsync(context, [...options, remote, folder.file('back')])
  rmSync(join(tree, 'folder-3'), { recursive: true })
  appendFileSync(join(tree, 'folder-0', 'nested-0', 'file-0'), 'more')
  writeFileSync(join(tree, 'new-file'), 'new')
  await rsync(context, [...options, `${tree}/`, remote])
  await rsync(context, [...options, remote, folder.file('back')])
  expect(existsSync(folder.file('remote/folder-3'))).toBe(false)
  expect(listTree(folder.file('remote'), true)).toEqual(listTree(tree, true))
  expect(listTree(folder.file('back'), true)).toEqual(listTree(tree, true))
  expect(await rsync(context, [...options, '--itemize-changes', `${tree}/`, remote])).toBe('')
}

async function resume(context: ScenarioContext): Promise<void> {
  const { server, folder } = context
  const { local, remote, back } = makeLargeFile(folder.path)
  const remotePath = `${server.host}:${remote}`
  await cutShort(context, local, remote)
  const options = ['--partial', '--no-whole-file', '--stats', '--sparse']
  const report = await rsync(context, [...options, local, remotePath])
  expect(Number(/Matched data: ([\d,]+)/.exec(report)?.[1]?.replaceAll(',', ''))).toBeGreaterThan(0)
  await rsync(context, [...options, remotePath, back])
  expect(digestOfFile(remote)).toBe(digestOfFile(local))
  expect(digestOfFile(back)).toBe(digestOfFile(local))
}

/** Ends rsync while it sends, and waits until the other side has kept what it got. */
async function cutShort(
  { server, folder }: ScenarioContext,
  local: string,
  remote: string,
): Promise<void> {
  const args = ['--partial', '--bwlimit=20000', '-e', shellCommand(server)]
  const sender = startClient('rsync', [...args, local, `${server.host}:${remote}`], {
    environment: homeIn(folder.path),
    input: null,
  })
  const ended = once(sender, 'close')
  const receivedByteCount = (): number =>
    readdirSync(folder.path)
      .filter((name) => name.startsWith('.remote.'))
      .reduce((sum, name) => sum + statSync(folder.file(name)).size, 0)
  await waitUntil(
    () => receivedByteCount() > 5_000_000,
    () => `5 MB should have come, there are ${receivedByteCount()} bytes`,
  )
  sender.kill('SIGTERM')
  await ended
  await waitUntil(
    () => existsSync(remote),
    () => 'the receiver should keep what it got',
  )
  expect(statSync(remote).size).toBeLessThan(largeFileByteCount)
}

function rsync(context: ScenarioContext, args: readonly string[]): Promise<string> {
  return succeed(context, 'rsync', ['-e', shellCommand(context.server), ...args])
}

function proves(capability: string): Partial<Scenario> {
  return { programs: ['rsync'], boundMs: toolBoundMs, peer: { name: 'rsync', capability } }
}
