import { childProcess } from '@hawse/adapter-node-child'
import { run } from '@hawse/core'
import { fingerprint, isSameKey } from '@hawse/example-kit'
import { existsSync } from 'node:fs'
import type { Target } from './target'

/** A line of a known_hosts file that is for a host. */
export interface KnownKey {
  readonly type: string
  readonly key: Buffer
  /** A key that must not be trusted any more. */
  readonly isRevoked: boolean
}

/**
 * The keys of a host in files of known hosts. `ssh-keygen` looks them up, so that hashed names, patterns and ports mean
 * what they mean to ssh: a host at a port of its own is known by that, or by its name alone.
 */
export async function knownKeysOf(
  { host, port }: Pick<Target, 'host' | 'port'>,
  files: readonly string[],
): Promise<readonly KnownKey[]> {
  const present = files.filter((file) => existsSync(file))
  const lookUp = async (name: string): Promise<readonly KnownKey[]> =>
    (await Promise.all(present.map((file) => keysIn(file, name)))).flat()
  if (port === 22) return lookUp(host)
  const keys = await lookUp(`[${host}]:${port}`)
  return keys.length > 0 ? keys : lookUp(host)
}

/** Why a host that has this key is not to be trusted; `undefined` where it is. */
export function distrust(
  { host, port }: Pick<Target, 'host' | 'port'>,
  key: Uint8Array,
  known: readonly KnownKey[],
): string | undefined {
  const found = known.filter((candidate) => isSameKey(candidate.key, key))
  if (found.some(({ isRevoked }) => isRevoked))
    return `its host key is revoked (${fingerprint(key)})`
  if (found.length > 0) return undefined
  if (known.some(({ isRevoked }) => !isRevoked)) {
    return `its host key is not the known one (${fingerprint(key)}): it is another machine, or somebody is in between`
  }
  return `its host key is not known (${fingerprint(key)}); compare it, then: ssh-keyscan -p ${port} ${host} >> ~/.ssh/known_hosts`
}

/** Types of host keys, with those first that the known keys have, for a server picks the first that it has. */
export function hostKeyAlgorithms(known: readonly KnownKey[]): readonly string[] {
  const types = new Set(known.map(({ type }) => type))
  const isKnown = (name: string): boolean => types.has(name.startsWith('rsa-') ? 'ssh-rsa' : name)
  return [...algorithms.filter(isKnown), ...algorithms.filter((name) => !isKnown(name))]
}

const algorithms = [
  'ssh-ed25519',
  'ecdsa-sha2-nistp256',
  'ecdsa-sha2-nistp384',
  'ecdsa-sha2-nistp521',
  'rsa-sha2-512',
  'rsa-sha2-256',
]

async function keysIn(file: string, name: string): Promise<readonly KnownKey[]> {
  const lookUp = childProcess(['ssh-keygen', '-F', name, '-f', file])
  const { stdout } = await run(lookUp, { shouldReject: false, timeoutMs: 30_000 })
  return stdout.split('\n').flatMap(keyOnLine)
}

/** `[@marker] names type base64 [comment]` (sshd(8), SSH_KNOWN_HOSTS FILE FORMAT); certificates are not looked at. */
function keyOnLine(line: string): readonly KnownKey[] {
  if (line.startsWith('#') || line.startsWith('@cert-authority')) return []
  const isRevoked = line.startsWith('@revoked')
  const [, type, base64] = line.split(' ').slice(isRevoked ? 1 : 0)
  if (type === undefined || base64 === undefined) return []
  return [{ type, key: Buffer.from(base64, 'base64'), isRevoked }]
}
