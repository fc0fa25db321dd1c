import { jest } from '@jest/globals'
import { realpathSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type * as Ssh2 from 'ssh2'

/** One ssh2 that the adapter has to work with. */
export interface Ssh2Variant {
  /** Shown in the names of the tests. */
  readonly name: string
  readonly ssh2: typeof Ssh2
  /** Whether it uses its native ciphers where they were built. */
  readonly isNative: boolean
}

/**
 * The lowest and the latest ssh2 and what lies between, the latest with and without its native ciphers.
 *
 * One process can load the native ciphers of one version only: those of two share a static variable of different types
 * (GNU_UNIQUE symbols of the shared libraries) and crash. `SSH2_UNDER_TEST=ssh2-1.15` runs one version with its own.
 */
export function ssh2Versions(): readonly Ssh2Variant[] {
  const only = process.env['SSH2_UNDER_TEST']
  if (only !== undefined) return [{ name: only, ssh2: requireSsh2(only), isNative: true }]
  return [
    { name: 'ssh2 with native ciphers', ssh2: requireSsh2('ssh2'), isNative: true },
    { name: 'ssh2', ssh2: requireWithoutBinding('ssh2'), isNative: false },
    { name: 'ssh2 1.16', ssh2: requireWithoutBinding('ssh2-1.16'), isNative: false },
    { name: 'ssh2 1.15', ssh2: requireWithoutBinding('ssh2-1.15'), isNative: false },
  ]
}

function requireSsh2(name: string): typeof Ssh2 {
  return jest.requireActual<typeof Ssh2>(name)
}

/** The mock stays for good, because ssh2 requires some of its modules only when an error occurs. */
function requireWithoutBinding(name: string): typeof Ssh2 {
  const root = dirname(realpathSync(require.resolve(`${name}/package.json`)))
  const binding = join(root, 'lib/protocol/crypto/build/Release/sshcrypto.node')
  let ssh2: typeof Ssh2 | undefined
  jest.isolateModules(() => {
    jest.doMock(binding, failToLoad, { virtual: true })
    ssh2 = requireSsh2(name)
  })
  if (ssh2 === undefined) throw new Error('isolateModules did not run')
  return ssh2
}

function failToLoad(): never {
  throw new Error('no native ciphers, for the test')
}
