import { execFile } from 'node:child_process'
import type { Upstream } from './config'

/** A host key: its type and its bytes, in base64. */
export interface KnownKey {
  readonly type: string
  readonly base64: string
}

/**
 * The keys that a file of known hosts has for a host; none where it has none. OpenSSH's own program looks them up, so
 * that names that are hashed, patterns and revoked keys mean what they mean to `ssh`.
 */
export function knownKeysOf(host: Upstream, file: string): Promise<readonly KnownKey[]> {
  const name = host.port === 22 ? host.address : `[${host.address}]:${host.port}`
  return new Promise((resolve) => {
    // It exits with 1 where it finds nothing, or no file.
    execFile('ssh-keygen', ['-F', name, '-f', file], (_error, stdout) => {
      const lines = stdout.split('\n').filter((line) => line !== '' && !line.startsWith('#'))
      const isRevoked = lines.some((line) => line.startsWith('@revoked'))
      const keys = lines
        .filter((line) => !line.startsWith('@'))
        .map((line) => line.split(' '))
        .map(([, type = '', base64 = '']) => ({ type, base64 }))
      resolve(isRevoked ? [] : keys)
    })
  })
}

/** What to ask the host to prove itself by: only what can be checked, or it might choose another. */
export function hostKeyAlgorithms(keys: readonly KnownKey[]): readonly string[] {
  return [...new Set(keys.map(({ type }) => type))].flatMap((type) =>
    type === 'ssh-rsa' ? ['rsa-sha2-512', 'rsa-sha2-256'] : [type],
  )
}
