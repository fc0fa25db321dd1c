import type { ParsedKey } from 'ssh2'
import { parseKey } from './public-key'
import { readTrustedFile, type Owner } from './trusted-file'

/** Keys that are let in, and a line of text for each line of the file that lets nobody in. */
export interface AuthorizedKeys {
  readonly keys: readonly ParsedKey[]
  readonly warnings: readonly string[]
}

/** Reads a file of public keys that only its owner can write to; throws a `StartError` if others can. */
export function readAuthorizedKeys(file: string, owner: Owner): AuthorizedKeys {
  return parseAuthorizedKeys(readTrustedFile(file, owner), file)
}

/**
 * Reads the format of sshd(8), AUTHORIZED_KEYS FILE FORMAT, without its options: they restrict a key,
 * so a line with options we do not apply must let nobody in.
 */
export function parseAuthorizedKeys(text: string, file: string): AuthorizedKeys {
  const keys: ParsedKey[] = []
  const warnings: string[] = []
  for (const [index, line] of text.split('\n').entries()) {
    const content = line.trim()
    if (content === '' || content.startsWith('#')) continue
    const key = parseLine(content)
    if (typeof key === 'string') warnings.push(`${file}:${index + 1} lets nobody in: ${key}`)
    else keys.push(key)
  }
  return { keys, warnings }
}

const keyTypes = [
  'ssh-ed25519',
  'ecdsa-sha2-nistp256',
  'ecdsa-sha2-nistp384',
  'ecdsa-sha2-nistp521',
  'ssh-rsa',
]

/** The key, or why there is none. */
function parseLine(content: string): ParsedKey | string {
  const [type = '', blob = ''] = content.split(/[ \t]+/)
  if (!keyTypes.includes(type)) return explainLine(content, type)
  const key = parseKey(`${type} ${blob}`)
  if (key instanceof Error || key.isPrivateKey() || key.type !== type) {
    return `it is not a complete ${type} key; copy the whole line of the .pub file`
  }
  return key
}

function explainLine(content: string, firstWord: string): string {
  if (/^(ssh|ecdsa|sk|rsa)-\S+$/.test(firstWord)) {
    return `keys of type ${firstWord} are not taken; use one of ${keyTypes.join(', ')}`
  }
  if (/[\s,"](ssh|ecdsa|sk)-\S+\s+AAAA/.test(content)) {
    return 'options before a key are not understood; remove them if the key may do everything'
  }
  return 'it is not a public key; expected a line of a .pub file'
}
