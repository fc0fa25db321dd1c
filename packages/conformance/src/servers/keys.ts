import { execFileSync } from 'node:child_process'
import { chownSync, chmodSync, readFileSync, writeFileSync } from 'node:fs'
import type { TemporaryFolder } from '@hawse/port-conformance'
import type { Account } from './account'

/** The keys of one server under test, as files. */
export interface ServerKeys {
  /** Private host key, readable by the account that runs the server. */
  readonly hostKeyFile: string
  /** The public keys that may log in. */
  readonly authorizedKeysFile: string
  /** Private key of the client. */
  readonly clientKeyFile: string
}

/** Makes a host key for an account's server, a client key, and the file that authorizes the latter. */
export function makeServerKeys(folder: TemporaryFolder, owner: Account): ServerKeys {
  const keys = {
    hostKeyFile: folder.file('host_key'),
    authorizedKeysFile: folder.file('authorized_keys'),
    clientKeyFile: folder.file('client_key'),
  }
  makeKey(keys.hostKeyFile)
  makeKey(keys.clientKeyFile)
  writeFileSync(keys.authorizedKeysFile, publicKey(keys.clientKeyFile), { mode: 0o644 })
  chmodSync(folder.path, 0o755)
  chownSync(keys.hostKeyFile, owner.userId, owner.groupId)
  return keys
}

/** Makes a key pair without a passphrase at a path. */
export function makeKey(file: string): void {
  execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', 'test', '-f', file])
}

/** Writes a known-hosts file for a server on a port, and gives its path. */
export function writeKnownHosts(
  folder: TemporaryFolder,
  keys: ServerKeys,
  host: string,
  port: number,
): string {
  const file = folder.file('known_hosts')
  writeFileSync(file, `[${host}]:${port} ${publicKey(keys.hostKeyFile)}`)
  return file
}

function publicKey(privateKeyFile: string): string {
  return readFileSync(`${privateKeyFile}.pub`, 'utf8')
}
