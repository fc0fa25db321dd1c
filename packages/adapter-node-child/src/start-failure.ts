import { accessSync, constants } from 'node:fs'
import { resolve } from 'node:path'
import { getSystemErrorMap } from 'node:util'
import type { StartFailure } from '@hawse/core'

/** Why a program did not start, in the terms of a process port. */
export interface StartFailureReport {
  readonly failure: StartFailure
  /** One line, without control characters, as a shell would say it. */
  readonly message: string
}

/** Explains an error of `spawn`, thrown or emitted, for a program and the directory it was to start in. */
export function startFailure(
  error: unknown,
  program: string,
  directory: string | undefined,
): StartFailureReport {
  // Node calls an empty name a bad argument; a shell finds no such command.
  const code = program === '' ? 'ENOENT' : codeOf(error)
  const directoryCode = directory === undefined ? undefined : accessFailure(`${directory}/.`)
  // chdir and exec fail with the same codes; whether the directory can be entered tells them apart.
  if (directory !== undefined && directoryCode === code)
    return report(
      directoryFailure(code),
      `cannot change directory to ${directory}: ${reason(code)}`,
    )
  return report(programFailure(code), `${program}: ${programReason(code, program, directory)}`)
}

const programFailures: ReadonlyMap<string, StartFailure> = new Map([
  ['ENOENT', 'notFound'],
  ['ENOTDIR', 'notFound'],
  ['EACCES', 'notPermitted'],
  ['EPERM', 'notPermitted'],
  ['ENOEXEC', 'notPermitted'],
  ['ETXTBSY', 'notPermitted'],
  ['EAGAIN', 'noResources'],
  ['EMFILE', 'noResources'],
  ['ENFILE', 'noResources'],
  ['ENOMEM', 'noResources'],
])

function programFailure(code: string): StartFailure {
  return programFailures.get(code) ?? 'failed'
}

/** A missing directory is no missing program: only permission means the same for both. */
function directoryFailure(code: string): StartFailure {
  return code === 'EACCES' ? 'notPermitted' : 'failed'
}

function programReason(code: string, program: string, directory: string | undefined): string {
  if (code !== 'ENOENT') return reason(code)
  if (!program.includes('/')) return 'command not found'
  const isThere = accessFailure(resolve(directory ?? '.', program)) === undefined
  return isThere ? `bad interpreter: ${reason(code)}` : reason(code)
}

function reason(code: string): string {
  if (code === 'ERR_INVALID_ARG_VALUE')
    return 'cannot start: a NUL character in the command, the environment or the directory'
  const known = [...getSystemErrorMap().values()].find(([name]) => name === code)
  return known === undefined ? `cannot start: ${code}` : capitalised(known[1])
}

function accessFailure(path: string): string | undefined {
  try {
    accessSync(path, constants.X_OK)
    return undefined
  } catch (error) {
    return codeOf(error)
  }
}

function codeOf(error: unknown): string {
  const isCoded = typeof error === 'object' && error !== null && 'code' in error
  return String(isCoded ? error.code : error)
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}

function report(failure: StartFailure, message: string): StartFailureReport {
  return { failure, message: message.replace(/\p{Cc}/gu, '?') }
}
