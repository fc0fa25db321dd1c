import { childProcess } from '@hawse/adapter-node-child'
import {
  functionProcess,
  parseGitCommand,
  type ExecRequest,
  type GitCommand,
  type ProcessPort,
  type SessionHandlers,
} from '@hawse/core'
import { printable } from '@hawse/example-kit'
import type { Member } from './access'
import { withStepBeforeExit } from './before-exit'
import { settleHead } from './first-branch'
import { gitEnvironment } from './git-environment'
import { permissionFor, type Permission } from './permission'
import type { Repositories } from './repositories'
import { nameRule, repositoryNameOf } from './repository-name'

/** What the sessions of one user are served by. */
export interface GitService {
  readonly user: string
  /** The user as the access file has them now; `undefined` where it has them no more. */
  readonly member: () => Member | undefined
  /** The real path of the folder of repositories. */
  readonly folder: string
  readonly repositories: Repositories
  /** Hears what a session is for, in words. */
  readonly onCommand: (words: string) => void
}

/** What a session may ask for: the three services of git, and to be greeted. */
export function gitHandlers(service: GitService): SessionHandlers {
  return {
    exec: (request) => serveGit(service, request),
    shell: () => {
      service.onCommand('greeting')
      return saying(
        `Hi ${service.user}! Your key is known here. There is no shell: this host serves git, as in git clone OWNER/NAME.git`,
      )
    },
  }
}

async function serveGit(service: GitService, { command, env }: ExecRequest): Promise<ProcessPort> {
  const git = parseGitCommand(command)
  if (git === null) {
    service.onCommand('refused command')
    return saying(
      'git-host: only git clone, fetch, push and archive of OWNER/NAME.git are served here',
    )
  }
  const repository = repositoryNameOf(git.path)
  if (repository === undefined) {
    service.onCommand(`${git.service}, no name of a repository`)
    return saying(
      `git-host: ${printable(git.path)} names no repository; write OWNER/NAME.git, each of ${nameRule}`,
    )
  }
  service.onCommand(`${git.service} ${repository}`)
  const path = await pathFor(service, git.service, repository)
  if (typeof path !== 'string') return saying(`git-host: ${path.refusal}`)
  const { user, folder } = service
  const visit = { user, repository, protocol: env['GIT_PROTOCOL'] }
  const program = childProcess([git.service, path], {
    cwd: path,
    env: gitEnvironment(folder, visit),
  })
  return git.service === 'git-receive-pack'
    ? withStepBeforeExit(program, () => settleHead(path, folder))
    : program
}

/**
 * Where a repository is that the user may use this way. One that is not there and one that the user may not know of are
 * refused with the same words, before anything is looked for.
 */
async function pathFor(
  { member, repositories }: GitService,
  gitService: GitCommand['service'],
  repository: string,
): Promise<string | { readonly refusal: string }> {
  const found = member()
  const permission: Permission = found === undefined ? 'none' : permissionFor(found, repository)
  const isPush = gitService === 'git-receive-pack'
  if (permission === 'write' && isPush) {
    const path = await repositories.findOrCreate(repository)
    return path ?? { refusal: `${repository} cannot be made; ask whoever runs this host` }
  }
  const path = permission === 'none' ? undefined : await repositories.find(repository)
  if (path === undefined) {
    return {
      refusal: `there is no repository ${repository}, or you may not ${isPush ? 'write' : 'read'} it`,
    }
  }
  return isPush ? { refusal: `you may read ${repository}, and not write it` } : path
}

/** A program that says one line, and that it did not do what it was asked for. */
function saying(line: string): ProcessPort {
  return functionProcess(async ({ stderr }) => {
    await stderr.write(`${line}\n`)
    return 1
  })
}
