import { createHash, randomBytes } from 'node:crypto'
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from 'expect'
import { runClient, type ClientOptions } from '../servers/run-client'
import { clientOptions, type ServerUnderTest } from '../servers/server-under-test'
import { scenario, type Scenario, type ScenarioContext } from './scenario'

const fileByteCount = 20_000_000
const treeFileCount = 300

/** Programs that use SSH as their way to a program on the other side. */
export const fileScenarios: readonly Scenario[] = [
  scenario('carries sftp both ways', [3, 9, 10], transferBySftp, { programs: ['sftp'] }),
  scenario('carries scp over SFTP both ways', [3, 9, 10], (context) => transferByScp(context, []), {
    programs: ['scp'],
  }),
  scenario('carries scp of old both ways', [9, 10], (context) => transferByScp(context, ['-O']), {
    programs: ['scp'],
  }),
  scenario('carries rsync both ways', [9, 10], transferByRsync, { programs: ['rsync'] }),
  scenario('carries git push and git clone', [9, 10], transferByGit, { programs: ['git'] }),
]

async function transferBySftp({ server, folder }: ScenarioContext): Promise<void> {
  const { local, remote, back } = makeFile(folder.path)
  const input = `put ${local} ${remote}\nget ${remote} ${back}\nbye\n`
  await succeed('sftp', ['-b', '-', ...clientOptions(server), server.host], { input })
  expect(digestOfFile(remote)).toBe(digestOfFile(local))
  expect(digestOfFile(back)).toBe(digestOfFile(local))
}

async function transferByScp(
  { server, folder }: ScenarioContext,
  options: readonly string[],
): Promise<void> {
  const { local, remote, back } = makeFile(folder.path)
  const common = [...options, ...clientOptions(server)]
  await succeed('scp', [...common, local, `${server.host}:${remote}`])
  await succeed('scp', [...common, `${server.host}:${remote}`, back])
  expect(digestOfFile(remote)).toBe(digestOfFile(local))
  expect(digestOfFile(back)).toBe(digestOfFile(local))
}

async function transferByRsync({ server, folder }: ScenarioContext): Promise<void> {
  const tree = makeTree(folder.file('tree'))
  const common = ['--recursive', '--checksum', '-e', shellCommand(server)]
  await succeed('rsync', [...common, `${tree}/`, `${server.host}:${folder.file('remote')}/`])
  await succeed('rsync', [
    ...common,
    `${server.host}:${folder.file('remote')}/`,
    folder.file('back'),
  ])
  expect(await digestOfTree(folder.file('back'))).toBe(await digestOfTree(tree))
}

async function transferByGit({ server, folder, ssh }: ScenarioContext): Promise<void> {
  const remote = folder.file('remote.git')
  expect(await ssh(`git init --quiet --bare -b main ${remote}`)).toMatchObject({ code: 0 })
  const tree = makeTree(folder.file('tree'))
  const environment = gitEnvironment(server)
  const git = (...args: readonly string[]): Promise<void> => succeed('git', args, { environment })
  const inTree = (...args: readonly string[]): Promise<void> => git('-C', tree, ...args)
  await inTree('init', '--quiet', '-b', 'main')
  await inTree('add', '.')
  await inTree('commit', '--quiet', '--message', 'Tree')
  await inTree('push', '--quiet', `${server.host}:${remote}`, 'main')
  await git('clone', '--quiet', `${server.host}:${remote}`, folder.file('back'))
  expect(await digestOfTree(folder.file('back'))).toBe(await digestOfTree(tree))
}

function makeFile(folder: string): { local: string; remote: string; back: string } {
  const local = join(folder, 'local')
  writeFileSync(local, randomBytes(fileByteCount))
  return { local, remote: join(folder, 'remote'), back: join(folder, 'back') }
}

/** A tree of some hundred files in nested folders, some of them large. */
function makeTree(folder: string): string {
  for (let index = 0; index < treeFileCount; index += 1) {
    const place = join(folder, `folder-${index % 10}`, `nested-${index % 3}`)
    mkdirSync(place, { recursive: true })
    writeFileSync(join(place, `file-${index}`), randomBytes(index % 50 === 0 ? 500_000 : index))
  }
  chmodSync(folder, 0o755)
  return folder
}

async function digestOfTree(folder: string): Promise<string> {
  const hash = createHash('sha256')
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const files = entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
  const names = files.filter((file) => !file.includes('/.git/')).sort()
  expect(names).toHaveLength(treeFileCount)
  names.forEach((file) => hash.update(file.slice(folder.length)).update(readFileSync(file)))
  return hash.digest('hex')
}

function digestOfFile(file: string): string {
  return createHash('sha256').update(readFileSync(file)).digest('hex')
}

/** The `ssh` command for programs that split it at spaces; none of its arguments has one. */
function shellCommand(server: ServerUnderTest): string {
  return ['ssh', ...clientOptions(server)].join(' ')
}

/** Git without the settings of whoever runs the tests. */
function gitEnvironment(server: ServerUnderTest): Readonly<Record<string, string>> {
  return {
    GIT_SSH_COMMAND: shellCommand(server),
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_AUTHOR_NAME: 'Test',
    GIT_AUTHOR_EMAIL: 'test@example.com',
    GIT_COMMITTER_NAME: 'Test',
    GIT_COMMITTER_EMAIL: 'test@example.com',
  }
}

async function succeed(
  command: string,
  args: readonly string[],
  options: ClientOptions = {},
): Promise<void> {
  const { code, stderr } = await runClient(command, args, options)
  expect({ command, code, stderr: code === 0 ? '' : stderr.toString() }).toEqual({
    command,
    code: 0,
    stderr: '',
  })
}
