import { randomBytes } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { expect } from 'expect'
import { plainGitEnvironment } from '../../peers/git-environment'
import type { ClientOptions, ClientResult } from '../../servers/run-client'
import { largeFileByteCount, listTree, makeTree } from './files-to-send'
import { runTool, shellCommand, toolBoundMs } from './run-tool'
import { scenario, type Scenario, type ScenarioContext } from '../scenario'

const branchCount = 1000
const tagCount = 1000

/** What people do with `git`. */
export const gitScenarios: readonly Scenario[] = [
  scenario('carries git push and git clone', [9, 10], pushAndClone, proves('push and clone')),
  scenario(
    'carries git fetch and a shallow clone',
    [9, 10],
    fetchAndDeepen,
    proves('fetch, clone --depth, fetch --unshallow'),
  ),
  scenario(
    'carries two thousand refs of git',
    [9, 10],
    carryManyRefs,
    proves('a repository with 2,000 branches and tags'),
  ),
  scenario(
    'carries 100 MB of git both ways',
    [9, 10, 16],
    carryMuch,
    proves('100 MB that cannot be compressed, push and clone'),
  ),
  scenario(
    'shows why a hook refuses a git push',
    [9, 10, 20, 21],
    refuseByHook,
    proves('stderr of a hook, and exit codes of refused pushes and missing repositories'),
  ),
  scenario(
    'leaves the version of the protocol of git to the server',
    [7, 9, 10],
    askForVersion,
    proves('protocol 0 where the server accepts no GIT_PROTOCOL, protocol 2 where it is set'),
  ),
]

async function pushAndClone(context: ScenarioContext): Promise<void> {
  const { folder } = context
  const { tree, url } = await makeRepositories(context)
  makeTree(tree)
  await commit(context, tree)
  await git(context, '-C', tree, 'push', '--quiet', url, 'main')
  await git(context, 'clone', '--quiet', url, folder.file('back'))
  expect(listTree(folder.file('back'))).toEqual(listTree(tree))
}

async function fetchAndDeepen(context: ScenarioContext): Promise<void> {
  const { folder } = context
  const { tree, url } = await makeRepositories(context)
  const [full, shallow] = [folder.file('full'), folder.file('shallow')]
  for (const text of ['1', '2', '3']) {
    writeFileSync(`${tree}/file`, text)
    await commit(context, tree)
  }
  await git(context, '-C', tree, 'push', '--quiet', url, 'main')
  await git(context, 'clone', '--quiet', url, full)
  await git(context, 'clone', '--quiet', '--depth=1', url, shallow)
  expect(await commitCount(context, shallow)).toBe(1)
  writeFileSync(`${tree}/file`, '4')
  await commit(context, tree)
  await git(context, '-C', tree, 'push', '--quiet', url, 'main')
  await git(context, '-C', shallow, 'fetch', '--quiet', '--unshallow')
  await git(context, '-C', full, 'fetch', '--quiet')
  expect(await commitCount(context, shallow)).toBe(4)
  expect(await commitCount(context, full)).toBe(4)
}

async function carryManyRefs(context: ScenarioContext): Promise<void> {
  const { folder } = context
  const { tree, url } = await makeRepositories(context)
  writeFileSync(`${tree}/file`, 'text')
  await commit(context, tree)
  const names = [
    ...Array.from({ length: branchCount }, (_, index) => `refs/heads/branch-${index}`),
    ...Array.from({ length: tagCount }, (_, index) => `refs/tags/tag-${index}`),
  ]
  const input = names.map((name) => `create ${name} HEAD\n`).join('')
  const options = { input }
  expect(await tryGit(context, ['-C', tree, 'update-ref', '--stdin'], options)).toMatchObject({
    code: 0,
  })
  await git(context, '-C', tree, 'push', '--quiet', '--mirror', url)
  await git(context, 'clone', '--quiet', '--mirror', url, folder.file('back'))
  const refs = await git(context, '-C', folder.file('back'), 'for-each-ref', '--format=%(refname)')
  expect(refs.trim().split('\n')).toEqual([...names, 'refs/heads/main'].sort())
}

async function carryMuch(context: ScenarioContext): Promise<void> {
  const { folder } = context
  const { tree, url } = await makeRepositories(context)
  writeFileSync(`${tree}/file`, randomBytes(largeFileByteCount))
  await git(context, '-C', tree, 'config', 'core.compression', '0')
  await git(context, '-C', tree, 'config', 'core.bigFileThreshold', '1m')
  await commit(context, tree)
  await git(context, '-C', tree, 'push', '--quiet', url, 'main')
  await git(context, 'clone', '--quiet', url, folder.file('back'))
  expect(listTree(folder.file('back'))).toEqual(listTree(tree))
}

async function refuseByHook(context: ScenarioContext): Promise<void> {
  const { tree, url, remote } = await makeRepositories(context)
  const hook = `${remote}/hooks/pre-receive`
  const input = '#!/bin/sh\necho the hook says no >&2\nexit 3\n'
  expect((await context.ssh(`cat > ${hook}; chmod 755 ${hook}`, { input })).code).toBe(0)
  writeFileSync(`${tree}/file`, 'text')
  await commit(context, tree)
  const refused = await tryGit(context, ['-C', tree, 'push', url, 'main'])
  expect(refused.code).toBe(1)
  expect(refused.stderr.toString()).toMatch(/^remote: the hook says no *$/m)
  expect(refused.stderr.toString()).toContain('[remote rejected] main -> main')
  const missing = await tryGit(context, ['-C', tree, 'push', `${url}-missing`, 'main'])
  expect(missing.code).toBe(128)
  expect(missing.stderr.toString()).toContain('does not appear to be a git repository')
}

async function askForVersion(context: ScenarioContext): Promise<void> {
  const { tree, url } = await makeRepositories(context)
  writeFileSync(`${tree}/file`, 'text')
  await commit(context, tree)
  await git(context, '-C', tree, 'push', '--quiet', url, 'main')
  const list = async (...options: readonly string[]): Promise<string> => {
    const args = ['-c', 'protocol.version=2', 'ls-remote', ...options, url]
    const result = await tryGit(context, args, { environment: { GIT_TRACE_PACKET: '1' } })
    expect(result.code).toBe(0)
    expect(result.stdout.toString()).toContain('refs/heads/main')
    return result.stderr.toString()
  }
  const answeredBy2 = /< version 2$/m
  expect(await list()).not.toMatch(answeredBy2)
  const server = 'GIT_PROTOCOL=version=2 git-upload-pack'
  expect(await list(`--upload-pack=${server}`)).toMatch(answeredBy2)
}

/** An empty repository on each side. */
async function makeRepositories(
  context: ScenarioContext,
): Promise<{ tree: string; remote: string; url: string }> {
  const { server, folder, ssh } = context
  const [tree, remote] = [folder.file('tree'), folder.file('remote.git')]
  expect(await ssh(`git init --quiet --bare -b main ${remote}`)).toMatchObject({ code: 0 })
  mkdirSync(tree)
  await git(context, '-C', tree, 'init', '--quiet', '-b', 'main')
  return { tree, remote, url: `ssh://${server.host}${remote}` }
}

async function commit(context: ScenarioContext, tree: string): Promise<void> {
  await git(context, '-C', tree, 'add', '.')
  await git(context, '-C', tree, 'commit', '--quiet', '--message', 'Tree')
}

async function commitCount(context: ScenarioContext, repository: string): Promise<number> {
  return Number(await git(context, '-C', repository, 'rev-list', '--count', 'origin/main'))
}

async function git(context: ScenarioContext, ...args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await tryGit(context, args)
  expect({ args, code, stderr: code === 0 ? '' : stderr.toString() }).toEqual({
    args,
    code: 0,
    stderr: '',
  })
  return stdout.toString()
}

/** Runs git without the settings of whoever runs the tests. */
function tryGit(
  context: ScenarioContext,
  args: readonly string[],
  options: ClientOptions = {},
): Promise<ClientResult> {
  const environment = {
    GIT_SSH_COMMAND: shellCommand(context.server),
    ...plainGitEnvironment,
    ...options.environment,
  }
  return runTool(context, 'git', args, { ...options, environment })
}

function proves(capability: string): Partial<Scenario> {
  return { programs: ['git'], boundMs: toolBoundMs, peer: { name: 'git', capability } }
}
