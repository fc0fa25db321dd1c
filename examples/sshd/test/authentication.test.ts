import { generateEd25519Key, parseKey, type LoginAttempt } from '@hawse/example-kit'
import { describe, expect, it } from '@jest/globals'
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ParsedKey } from 'ssh2'
import { acceptedKey } from '../src/authentication'
import type { AuthorizedKey } from '../src/authorized-keys'
import { noKeyOptions, type KeyOptions } from '../src/key-options'
import { temporaryFolder } from './temporary-folder'

const folder = temporaryFolder()
const key = keyFrom(generateEd25519Key('let in'))
const other = keyFrom(generateEd25519Key('unknown'))
const blob = Buffer.from('what the client signs')

const circumstances = { clientAddress: '192.0.2.1', nowMs: 1_000_000 }

function isAccepted(attempt: LoginAttempt, user: string, keys: readonly ParsedKey[]): boolean {
  return (
    acceptedWith(
      attempt,
      user,
      keys.map((key) => lineOf(key)),
    ) !== undefined
  )
}

function acceptedWith(
  attempt: LoginAttempt,
  user: string,
  lines: readonly AuthorizedKey[],
): AuthorizedKey | undefined {
  return acceptedKey(attempt, user, lines, circumstances)
}

function lineOf(key: ParsedKey, options: Partial<KeyOptions> = {}): AuthorizedKey {
  return { key, options: { ...noKeyOptions, ...options } }
}

function attemptWith(signer: ParsedKey, changes: Partial<LoginAttempt> = {}): LoginAttempt {
  const offered = { algo: signer.type, data: signer.getPublicSSH() }
  const signature = signer.sign(blob)
  return { username: 'me', method: 'publickey', key: offered, blob, signature, ...changes }
}

describe('acceptedKey', () => {
  it('accepts a good signature by an authorized key', () => {
    expect(isAccepted(attemptWith(key), 'me', [other, key])).toBe(true)
  })

  it('answers the question whether a key would do without a signature', () => {
    const question = { blob: undefined, signature: undefined }
    expect(isAccepted(attemptWith(key, question), 'me', [key])).toBe(true)
    expect(isAccepted(attemptWith(other, question), 'me', [key])).toBe(false)
  })

  it.each<[string, LoginAttempt]>([
    ['an unknown key', attemptWith(other)],
    ['another user', attemptWith(key, { username: 'you' })],
    ['no user', attemptWith(key, { username: '' })],
    ['the signature of another key', attemptWith(key, { signature: other.sign(blob) })],
    ['a signature of something else', attemptWith(key, { blob: Buffer.from('else') })],
    ['an empty signature', attemptWith(key, { signature: Buffer.alloc(0) })],
    ['a signature of nothing', attemptWith(key, { blob: undefined })],
    ['another key type', attemptWith(key, { key: { algo: 'ssh-rsa', data: key.getPublicSSH() } })],
    [
      'a shorter key',
      attemptWith(key, { key: { algo: key.type, data: key.getPublicSSH().subarray(1) } }),
    ],
    ['a password', { username: 'me', method: 'password' }],
    ['nothing', { username: 'me', method: 'none' }],
  ])('refuses %s', (_name, attempt) => {
    expect(isAccepted(attempt, 'me', [key])).toBe(false)
  })

  it('refuses everybody where no key is authorized', () => {
    expect(isAccepted(attemptWith(key), 'me', [])).toBe(false)
  })

  it('refuses a key that is not for this address, or has expired, even the question', () => {
    const question = attemptWith(key, { blob: undefined, signature: undefined })
    for (const options of [{ from: '198.51.100.0/24' }, { expiresAtMs: 999_999 }]) {
      expect(acceptedWith(attemptWith(key), 'me', [lineOf(key, options)])).toBeUndefined()
      expect(acceptedWith(question, 'me', [lineOf(key, options)])).toBeUndefined()
    }
    const good = lineOf(key, { from: '192.0.2.0/24', expiresAtMs: 1_000_000 })
    expect(acceptedWith(attemptWith(key), 'me', [good])).toBe(good)
  })

  it('gives the first line that fits, with its options', () => {
    const elsewhere = lineOf(key, { from: '198.51.100.1' })
    const forced = lineOf(key, { forceCommand: 'true' })
    const lines = [lineOf(other), elsewhere, forced, lineOf(key)]
    expect(acceptedWith(attemptWith(key), 'me', lines)).toBe(forced)
  })

  it('accepts RSA signatures with SHA-2 and refuses them with SHA-1', () => {
    const file = join(folder, 'rsa')
    execFileSync('ssh-keygen', ['-q', '-t', 'rsa', '-m', 'PEM', '-N', '', '-f', file])
    const rsa = keyFrom(readFileSync(file, 'utf8'))
    const sha2 = attemptWith(rsa, { signature: rsa.sign(blob, 'sha512'), hashAlgo: 'sha512' })
    const sha1 = attemptWith(rsa, { signature: rsa.sign(blob, 'sha1') })
    expect(isAccepted(sha2, 'me', [rsa])).toBe(true)
    expect(isAccepted(sha1, 'me', [rsa])).toBe(false)
  })
})

function keyFrom(text: string): ParsedKey {
  const parsed = parseKey(text)
  if (parsed instanceof Error) throw parsed
  return parsed
}
