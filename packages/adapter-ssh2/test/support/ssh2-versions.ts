import { jest } from '@jest/globals'
import type * as Ssh2 from 'ssh2'

/** One ssh2 that the adapter has to work with. */
export interface Ssh2Variant {
  /** Shown in the names of the tests. */
  readonly name: string
  readonly ssh2: typeof Ssh2
}

/** The lowest and the latest ssh2 and what lies between, and the latest without its native ciphers. */
export function ssh2Versions(): readonly Ssh2Variant[] {
  return [
    { name: 'ssh2', ssh2: requireSsh2('ssh2') },
    { name: 'ssh2 without native ciphers', ssh2: requireWithoutBinding() },
    { name: 'ssh2-1.16', ssh2: requireSsh2('ssh2-1.16') },
    { name: 'ssh2-1.15', ssh2: requireSsh2('ssh2-1.15') },
  ]
}

function requireSsh2(name: string): typeof Ssh2 {
  return jest.requireActual<typeof Ssh2>(name)
}

function requireWithoutBinding(): typeof Ssh2 {
  let ssh2: typeof Ssh2 | undefined
  jest.isolateModules(() => {
    jest.doMock(
      bindingPath,
      () => {
        throw new Error('no native ciphers, for the test')
      },
      { virtual: true },
    )
    ssh2 = jest.requireActual<typeof Ssh2>('ssh2')
    jest.dontMock(bindingPath)
  })
  if (ssh2 === undefined) throw new Error('isolateModules did not run')
  return ssh2
}

const bindingPath = 'ssh2/lib/protocol/crypto/build/Release/sshcrypto.node'
