/** What owners and repositories are called: nothing that a shell, git or a file system would read as something else. */
export const nameRule = 'letters, digits, ".", "_" and "-", the first a letter or digit'

/** Whether a text is the name of an owner, and so of a user. */
export function isOwnerName(text: string): boolean {
  return namePattern.test(text) && !text.endsWith('.git')
}

/**
 * The one name of a repository, `owner/name.git`, of a path as git clients send it, which may begin with `/` and leave
 * `.git` out; `undefined` where it can be none.
 */
export function repositoryNameOf(path: string): string | undefined {
  const [owner, name, ...rest] = path.replace(/^\//, '').replace(/\/$/, '').split('/')
  if (owner === undefined || name === undefined || rest.length > 0) return undefined
  const stem = name.replace(/\.git$/, '')
  return isOwnerName(owner) && namePattern.test(stem) ? `${owner}/${stem}.git` : undefined
}

/** The user whose repository it is. */
export function ownerOf(repository: string): string {
  return repository.slice(0, repository.indexOf('/'))
}

const namePattern = /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/
