import { createHash } from 'node:crypto'
import { join } from 'node:path'
import type { ParsedKey } from 'ssh2'
import { generateEd25519Key } from './ed25519-key'
import { parseKey } from './public-key'
import { reasonOf, StartError } from './start-error'
import { createPrivateFile, openStateFolder, replacePrivateFile } from './state-folder'
import { readPrivateFile, type Owner } from './trusted-file'

/** The keys of the server and of its client, and the files that ssh is told of. */
export interface Identity {
  /** Private host keys, as text. */
  readonly hostKeys: readonly string[]
  /** Says that any host with one of our host keys is known: the file is named in the printed line only. */
  readonly knownHostsFile: string
  readonly clientKeyFile: string
  readonly clientKey: ParsedKey
}

/** Opens the state folder and reads its keys, making what is missing; `hostKeyFiles` replace the host key. */
export function openIdentity(
  folder: string,
  owner: Owner,
  hostKeyFiles: readonly string[],
): Identity {
  openStateFolder(folder, owner.uid)
  try {
    return readIdentity(folder, owner, hostKeyFiles)
  } catch (thrown) {
    if (thrown instanceof StartError) throw thrown
    throw new StartError(`the state folder ${folder} cannot be used: ${reasonOf(thrown)}`)
  }
}

function readIdentity(folder: string, owner: Owner, hostKeyFiles: readonly string[]): Identity {
  const ownHostKeyFile = join(folder, 'host_ed25519')
  const clientKeyFile = join(folder, 'client_ed25519')
  if (hostKeyFiles.length === 0) createKeyFile(ownHostKeyFile, 'hawse host key')
  createKeyFile(clientKeyFile, 'hawse client key')
  const hostFiles = hostKeyFiles.length === 0 ? [ownHostKeyFile] : hostKeyFiles
  const hosts = hostFiles.map((file) => readKey(file, owner))
  return {
    hostKeys: hosts.map(({ text }) => text),
    knownHostsFile: writeKnownHosts(
      folder,
      hosts.map(({ key }) => key),
      hostKeyFiles.length > 0,
    ),
    clientKeyFile,
    clientKey: readKey(clientKeyFile, owner).key,
  }
}

function createKeyFile(file: string, comment: string): void {
  createPrivateFile(file, () => generateEd25519Key(comment))
}

function readKey(file: string, owner: Owner): { readonly text: string; readonly key: ParsedKey } {
  const text = readPrivateFile(file, owner)
  const key = parseKey(text)
  if (key instanceof Error || !key.isPrivateKey()) {
    const problem = key instanceof Error ? reasonOf(key) : 'it is a public key'
    throw new StartError(
      `${file} is not a private key without a passphrase (${problem}); make one with: ssh-keygen -t ed25519 -N '' -f FILE`,
    )
  }
  return { text, key }
}

/** Servers with other host keys may run beside this one, so a file is named by the keys in it. */
function writeKnownHosts(folder: string, keys: readonly ParsedKey[], areGiven: boolean): string {
  const text = keys
    .map((key) => `* ${key.type} ${key.getPublicSSH().toString('base64')}\n`)
    .join('')
  const suffix = areGiven ? `-${createHash('sha256').update(text).digest('hex').slice(0, 12)}` : ''
  const file = join(folder, `known_hosts${suffix}`)
  replacePrivateFile(file, text)
  return file
}
