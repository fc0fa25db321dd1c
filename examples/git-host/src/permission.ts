import type { Member } from './access'
import { ownerOf } from './repository-name'

/** What somebody may do with a repository, whether or not it is there. */
export type Permission = 'none' | 'read' | 'write'

/** Write for one's own repositories; otherwise what the patterns say. */
export function permissionFor(
  { user, read, write }: Pick<Member, 'user' | 'read' | 'write'>,
  repository: string,
): Permission {
  const fits = (pattern: string): boolean => isMatch(pattern, repository)
  if (ownerOf(repository) === user || write.some(fits)) return 'write'
  return read.some(fits) ? 'read' : 'none'
}

/** Both have two parts. */
function isMatch(pattern: string, repository: string): boolean {
  const parts = repository.split('/')
  return pattern.split('/').every((part, index) => part === '*' || part === parts[index])
}
