import { statSync } from 'node:fs'
import type { StartFailure } from '@hawse/core'

/** Why a program did not start, as the port says it. */
export interface StartFailureReason {
  readonly failure: StartFailure
  /** One line for the user. */
  readonly message: string
}

/** The reason behind an error of `spawn`, of opening the terminal, or of loading node-pty. */
export function startFailureReason(error: unknown, cwd: string | undefined): StartFailureReason {
  const text = error instanceof Error ? error.message : String(error)
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  // `spawn` blames a missing working directory on the program.
  if (code === 'ENOENT' && cwd !== undefined && !isDirectory(cwd)) {
    return { failure: 'failed', message: `${cwd}: no such directory` }
  }
  const isExhausted = text.includes('openpty')
  const message = isExhausted ? `no terminal could be opened: ${text}` : text
  return { failure: isExhausted ? 'noResources' : (failures.get(code) ?? 'failed'), message }
}

const failures: ReadonlyMap<string, StartFailure> = new Map([
  ['ENOENT', 'notFound'],
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
