import { parseKey, reasonOf, StartError } from '@hawse/example-kit'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ParsedKey } from 'ssh2'

/** What we prove with who we are. */
export interface Credentials {
  readonly keys: readonly ParsedKey[]
  /** Socket of an agent. */
  readonly agent: string | undefined
}

/** Keys of ssh that are tried without being named, as far as they are there and have no passphrase. */
const usualKeys = ['id_ed25519', 'id_ecdsa', 'id_rsa']

/** Reads the keys that are named, or the usual ones. Throws a `StartError` where there is nothing to log in with. */
export function openCredentials(
  identityFiles: readonly string[],
  agent: string | undefined,
  home: string,
): Credentials {
  const keys =
    identityFiles.length > 0
      ? identityFiles.map(readKey)
      : usualKeys.flatMap((name) => readUsualKey(join(home, '.ssh', name)))
  if (keys.length > 0 || agent !== undefined) return { keys, agent }
  throw new StartError(
    'there is no key to log in with; start an agent (ssh-agent, ssh-add), or give -i FILE',
  )
}

/** The ways to log in, one after the other, as ssh2 wants them. */
export function loginMethods({ keys, agent }: Credentials, username: string): readonly object[] {
  const byKey = keys.map((key) => ({ type: 'publickey', username, key }))
  return agent === undefined ? byKey : [...byKey, { type: 'agent', username, agent }]
}

function readKey(file: string): ParsedKey {
  const key = parseKey(readText(file))
  if (!(key instanceof Error) && key.isPrivateKey()) return key
  const problem = key instanceof Error ? reasonOf(key) : 'it is a public key'
  throw new StartError(
    `${file} cannot be used to log in (${problem}); give the agent a key with a passphrase: ssh-add`,
  )
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (thrown) {
    throw new StartError(`${file} cannot be read: ${reasonOf(thrown)}`)
  }
}

function readUsualKey(file: string): readonly ParsedKey[] {
  try {
    return [readKey(file)]
  } catch {
    return []
  }
}
