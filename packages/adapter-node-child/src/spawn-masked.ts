import { spawn, type ChildProcess } from 'node:child_process'
import { closeSync, openSync } from 'node:fs'
import { maskUnsharedDescriptors, unsharedDescriptors } from '@hawse/core'
import { withholdInheritedDescriptors } from './inherited-descriptors'

/** What a child gets as each of its descriptors: one of ours, a new socket pair, or nothing. */
export type StandardEntries = readonly (number | 'pipe' | 'ignore')[]

/** Who a child runs as, and where. */
export interface SpawnCircumstances {
  readonly env: Readonly<Record<string, string>>
  readonly cwd?: string
  readonly uid?: number
  readonly gid?: number
  readonly argv0?: string
}

/**
 * Starts a child in a session and process group of its own, that gets nothing of this process but what it is given.
 * Throws what `spawn` throws.
 */
export function spawnMasked(
  program: string,
  args: readonly string[],
  stdio: StandardEntries,
  { env, ...rest }: SpawnCircumstances,
): ChildProcess {
  // Node adds NODE_V8_COVERAGE of this process to any environment that does not say otherwise.
  const environment = { NODE_V8_COVERAGE: undefined, ...env }
  withholdInheritedDescriptors()
  return withMask((mask) => {
    const entries = [...maskUnsharedDescriptors(stdio, mask, 'ignore')]
    return spawn(program, args, { ...rest, env: environment, stdio: entries, detached: true })
  })
}

/** Gives a descriptor to put in the place of those that no child may inherit, where there are any. */
function withMask<Result>(use: (mask: number | 'ignore') => Result): Result {
  if (unsharedDescriptors.size === 0) return use('ignore')
  const mask = openSync('/dev/null', 'r+')
  try {
    return use(mask)
  } finally {
    closeSync(mask)
  }
}
