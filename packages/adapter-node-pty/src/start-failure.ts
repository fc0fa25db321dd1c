import { statSync } from 'node:fs'
import type { StartFailure } from '@hawse/core'
import { errorCode, errorMessage } from './error-fields'

/** Why a program did not start, as the port says it. */
export interface StartFailureReason {
  readonly failure: StartFailure
  /** One line for the user. */
  readonly message: string
}

/** The reason behind an error of `spawn`, of opening the terminal, or of loading node-pty. */
export function startFailureReason(error: unknown, cwd: string | undefined): StartFailureReason {
  const message = errorMessage(error)
  // node-pty has no error codes: this is all it says when the system has no terminal left.
  if (message.includes('openpty')) {
    return { failure: 'noResources', message: `no terminal could be opened: ${message}` }
  }
  // `spawn` blames a missing working directory on the program.
  if (cwd !== undefined && errorCode(error) === 'ENOENT' && !isDirectory(cwd)) {
    return {
      failure: 'failed',
      message: `cannot change directory to ${cwd}: No such file or directory`,
    }
  }
  return { failure: failures.get(errorCode(error)) ?? 'failed', message }
}

/** Not here: ENOENT. The program is looked up in the terminal, where its absence is exit code 127. */
const failures: ReadonlyMap<string, StartFailure> = new Map([
  ['EACCES', 'notPermitted'],
  ['EPERM', 'notPermitted'],
  ['EAGAIN', 'noResources'],
  ['ENOMEM', 'noResources'],
  ['EMFILE', 'noResources'],
  ['ENFILE', 'noResources'],
  ['E2BIG', 'noResources'],
])

function isDirectory(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false
}
