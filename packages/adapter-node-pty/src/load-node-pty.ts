import { HawseError } from '@hawse/core'
import { errorMessage } from './error-fields'
import type { NodePty } from './node-pty'

/** Packages that can be installed as the peer, in the order tried; the second ships Linux binaries. */
const packageNames = ['node-pty', '@lydell/node-pty'] as const

let loaded: Promise<NodePty> | undefined

/**
 * The installed node-pty, loaded on first use and kept.
 *
 * Rejects with `UNSUPPORTED_NODE_PTY` when none can be loaded; the next call tries again.
 */
export function loadNodePty(): Promise<NodePty> {
  loaded ??= loadFirst().catch((error: unknown) => {
    loaded = undefined
    throw error
  })
  return loaded
}

async function loadFirst(): Promise<NodePty> {
  const reasons: string[] = []
  for (const name of packageNames) {
    try {
      return withOpen(name, await importPackage(name))
    } catch (error) {
      reasons.push(`${name}: ${errorMessage(error).split('\n', 1)[0]}`)
    }
  }
  throw new HawseError(
    'UNSUPPORTED_NODE_PTY',
    `no node-pty could be loaded (${reasons.join('; ')}); install node-pty or @lydell/node-pty`,
  )
}

/** `import()` is the one way to load a package at run time that ESM and CommonJS builds share. */
async function importPackage(name: string): Promise<unknown> {
  const module = (await import(name)) as { readonly default?: unknown }
  return module.default ?? module
}

function withOpen(name: string, candidate: unknown): NodePty {
  if (isNodePty(candidate)) return candidate
  throw new HawseError('UNSUPPORTED_NODE_PTY', `${name} exports no function "open"`)
}

function isNodePty(candidate: unknown): candidate is NodePty {
  return (
    typeof candidate === 'object' &&
    candidate !== null &&
    'open' in candidate &&
    typeof candidate.open === 'function'
  )
}
