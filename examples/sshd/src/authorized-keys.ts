import { publicKeyOf, takenKeyTypes, readTrustedFile, type Owner } from '@hawse/example-kit'
import type { ParsedKey } from 'ssh2'
import { keyOptionsOf, noKeyOptions, parseKeyOptions, type KeyOptions } from './key-options'

/** A key that is let in, and what its line allows. */
export interface AuthorizedKey {
  readonly key: ParsedKey
  readonly options: KeyOptions
}

/** Keys that are let in, and a line of text for each line of the file that lets nobody in. */
export interface AuthorizedKeys {
  readonly keys: readonly AuthorizedKey[]
  readonly warnings: readonly string[]
}

/** Reads a file of public keys that only its owner can write to; throws a `StartError` if others can. */
export function readAuthorizedKeys(file: string, owner: Owner): AuthorizedKeys {
  return parseAuthorizedKeys(readTrustedFile(file, owner), file)
}

/**
 * Reads the format of sshd(8), AUTHORIZED_KEYS FILE FORMAT. Its options restrict a key, so a line with one that is
 * not understood must let nobody in.
 */
export function parseAuthorizedKeys(text: string, file: string): AuthorizedKeys {
  const keys: AuthorizedKey[] = []
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

/** The key and its options, or why there is none. */
function parseLine(content: string): AuthorizedKey | string {
  if (startsWithKeyType(content)) return withOptions(publicKeyOf(content), noKeyOptions)
  const optionText = keyOptionsOf(content)
  if (optionText === undefined) return 'a quote in its options is not closed'
  const keyText = content.slice(optionText.length).trimStart()
  if (!startsWithKeyType(keyText)) return explainLine(content, keyText)
  return withOptions(publicKeyOf(keyText), parseKeyOptions(optionText))
}

function withOptions(
  key: ParsedKey | string,
  options: KeyOptions | string,
): AuthorizedKey | string {
  if (typeof options === 'string') return options
  return typeof key === 'string' ? key : { key, options }
}

function startsWithKeyType(text: string): boolean {
  return takenKeyTypes.includes(firstWordOf(text))
}

function firstWordOf(text: string): string {
  return text.split(/[ \t]+/, 1)[0] ?? ''
}

function explainLine(content: string, keyText: string): string {
  const type = [content, keyText].map(firstWordOf).find((word) => /^(ssh|ecdsa|sk)-\S+$/.test(word))
  if (type === undefined) return 'it is not a public key; expected a line of a .pub file'
  return `keys of type ${type} are not taken; use one of ${takenKeyTypes.join(', ')}`
}
