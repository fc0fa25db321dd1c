import { accessSync, constants } from 'node:fs'
import { getSystemErrorMap } from 'node:util'

/** What sshd says where a home folder cannot be entered; `undefined` where it can. */
export function homeFailure(home: string): string | undefined {
  try {
    accessSync(`${home}/.`, constants.X_OK)
    return undefined
  } catch (thrown) {
    return `Could not chdir to home directory ${home}: ${reasonOf(thrown)}`
  }
}

/** The words of the C library, which begin with a capital letter where Node.js has a small one. */
function reasonOf(thrown: unknown): string {
  const errno = (thrown as NodeJS.ErrnoException).errno ?? 0
  const [, words] = getSystemErrorMap().get(errno) ?? ['', 'unknown reason']
  return words.charAt(0).toUpperCase() + words.slice(1)
}
