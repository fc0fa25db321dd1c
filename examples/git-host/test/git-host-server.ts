import {
  makeKey,
  makeTemporaryFolder,
  plainGitEnvironment,
  runClient,
  startServerProcess,
  type ClientOptions,
  type ClientResult,
  type ServerProcess,
  type TemporaryFolder,
} from '@hawse/conformance'
import { expect } from '@jest/globals'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const program = join(__dirname, '..', 'dist', 'main.js')

/** What the access file says of somebody, but for keys. */
export interface Rights {
  readonly read?: readonly string[]
  readonly write?: readonly string[]
}

/** A git host that runs as its own process, with some users. */
export interface HostUnderTest {
  readonly process: ServerProcess
  readonly folder: TemporaryFolder
  /** The folder of repositories. */
  readonly repositories: string
  readonly accessFile: string
  /** What the users have on their machines. */
  user(name: string): GitUser
  stop(): Promise<void>
}

/** Somebody with a key. */
export interface GitUser {
  /** The URL of a repository. */
  url(repository: string): string
  /** Runs git to its end. */
  tryGit(args: readonly string[], options?: ClientOptions): Promise<ClientResult>
  /** Runs git, expects that it succeeds, and gives its stdout. */
  git(...args: readonly string[]): Promise<string>
  /** Runs ssh to its end. */
  ssh(...args: readonly string[]): Promise<ClientResult>
  /** The environment that makes git use the key. */
  readonly environment: Readonly<Record<string, string>>
  /** Makes a repository with one commit, on the branch `main`, at a new path. */
  makeTree(name: string, text?: string): Promise<string>
}

/** Starts a git host on a free port, with a key for each user. */
export async function startGitHost(
  users: Readonly<Record<string, Rights>>,
): Promise<HostUnderTest> {
  const folder = await makeTemporaryFolder()
  const repositories = folder.file('repositories')
  const accessFile = folder.file('access.json')
  mkdirSync(repositories)
  for (const name of Object.keys(users)) makeKey(folder.file(name))
  writeFileSync(accessFile, accessText(folder, users), { mode: 0o600 })
  const args = ['--listen', '127.0.0.1:0', '--repositories', repositories, '--access', accessFile]
  const process = startGitHostProcess(folder, args)
  const match = await process.waitForLog(/listening on (\S+):(\d+)/)
  if (match === undefined) throw new Error(`no start: ${process.log()}`)
  return {
    process,
    folder,
    repositories,
    accessFile,
    user: (name) => userOf(folder, name, Number(match[2])),
    stop: async () => {
      await process.kill()
      await folder.remove()
    },
  }
}

/** Starts the program with its own files in a folder of the test. */
export function startGitHostProcess(
  folder: TemporaryFolder,
  args: readonly string[],
): ServerProcess {
  return startServerProcess(process.execPath, [program, ...args], {
    env: { ...process.env, XDG_STATE_HOME: folder.file('state'), SERVER_SECRET: 'not for hooks' },
  })
}

/** The text of an access file for users whose keys are in the folder. */
export function accessText(
  folder: TemporaryFolder,
  users: Readonly<Record<string, Rights>>,
): string {
  const entries = Object.entries(users).map(([name, rights]) => [
    name,
    { keys: [readFileSync(folder.file(`${name}.pub`), 'utf8')], ...rights },
  ])
  return JSON.stringify({ users: Object.fromEntries(entries) as object })
}

function userOf(folder: TemporaryFolder, name: string, port: number): GitUser {
  const options = [
    ...['-F', 'none', '-i', folder.file(name), '-o', 'IdentitiesOnly=yes', '-o', 'BatchMode=yes'],
    ...[
      '-o',
      'LogLevel=ERROR',
      '-o',
      `UserKnownHostsFile=${folder.file('state/hawse-git-host/known_hosts')}`,
    ],
  ]
  const environment = { ...plainGitEnvironment, GIT_SSH_COMMAND: ['ssh', ...options].join(' ') }
  const tryGit: GitUser['tryGit'] = (args, { environment: more, ...rest } = {}) =>
    runClient('git', args, {
      folder: folder.path,
      ...rest,
      environment: { ...environment, ...more },
    })
  const git: GitUser['git'] = async (...args) => {
    const { code, stdout, stderr } = await tryGit(args)
    expect({ args, code, stderr: code === 0 ? '' : stderr.toString() }).toEqual({
      args,
      code: 0,
      stderr: '',
    })
    return stdout.toString()
  }
  return {
    url: (repository) => `ssh://git@127.0.0.1:${port}/${repository}`,
    tryGit,
    git,
    ssh: (...args) => runClient('ssh', [...options, '-p', String(port), ...args]),
    environment,
    makeTree: async (tree, text = tree) => {
      const path = folder.file(tree)
      await git('init', '--quiet', '-b', 'main', path)
      writeFileSync(join(path, 'file'), text)
      await git('-C', path, 'add', '.')
      await git('-C', path, 'commit', '--quiet', '--message', 'Tree')
      return path
    },
  }
}
