/** A push, as its hooks learn of it. */
export interface GitVisit {
  readonly user: string
  /** `owner/name.git` */
  readonly repository: string
  /** GIT_PROTOCOL, where the client sent it: git(1) says which version of the protocol it speaks. */
  readonly protocol: string | undefined
}

/**
 * The environment of git's programs and of the hooks they run; nothing of the server's own, but that git reads its
 * settings from `.gitconfig` in the folder of repositories.
 */
export function gitEnvironment(folder: string, visit?: GitVisit): Record<string, string> {
  return {
    PATH: '/usr/local/bin:/usr/bin:/bin',
    HOME: folder,
    // What is pushed is checked before it is taken.
    GIT_CONFIG_COUNT: '1',
    GIT_CONFIG_KEY_0: 'receive.fsckObjects',
    GIT_CONFIG_VALUE_0: 'true',
    ...(visit === undefined ? {} : visitEnvironment(visit)),
  }
}

function visitEnvironment({ user, repository, protocol }: GitVisit): Record<string, string> {
  return {
    HAWSE_USER: user,
    HAWSE_REPOSITORY: repository,
    ...(protocol === undefined ? {} : { GIT_PROTOCOL: protocol }),
  }
}
