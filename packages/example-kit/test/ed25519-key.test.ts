import { afterAll, describe, expect, it } from '@jest/globals'
import { execFileSync } from 'node:child_process'
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { generateEd25519Key } from '../src/ed25519-key'
import { fingerprint, parseKey } from '../src/public-key'

const folder = realpathSync(mkdtempSync(join(tmpdir(), 'hawse-kit-')))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function publicKeyOf(text: string): Buffer {
  const key = parseKey(text)
  if (key instanceof Error) throw key
  return key.getPublicSSH()
}

describe('generateEd25519Key', () => {
  it('makes a file from which ssh-keygen reads the same public key, comment and fingerprint', () => {
    const text = generateEd25519Key('a comment')
    const file = write('key', text)
    const [type, blob, ...comment] = execFileSync('ssh-keygen', ['-y', '-f', file], {
      encoding: 'utf8',
    })
      .trim()
      .split(' ')
    const named = execFileSync('ssh-keygen', ['-l', '-f', file], { encoding: 'utf8' })
    expect(type).toBe('ssh-ed25519')
    expect(blob).toBe(publicKeyOf(text).toString('base64'))
    expect(comment.join(' ')).toBe('a comment')
    expect(named).toContain(fingerprint(publicKeyOf(text)))
  })

  it('keeps public keys that begin with a zero byte whole, for ssh-keygen too', () => {
    const text = generateUntil((blob) => blob[19] === 0)
    const file = write('zero', text)
    const line = execFileSync('ssh-keygen', ['-y', '-f', file], { encoding: 'utf8' })
    expect(Buffer.from(line.split(' ')[1] ?? '', 'base64')).toEqual(publicKeyOf(text))
    expect(publicKeyOf(text)).toHaveLength(51)
  })

  it('makes a different key each time', () => {
    expect(generateEd25519Key('')).not.toBe(generateEd25519Key(''))
  })
})

/** One key in 256 fits; that 20,000 do not has a probability of 1e-34. */
function generateUntil(fits: (publicKey: Buffer) => boolean): string {
  for (let attempt = 0; attempt < 20_000; attempt += 1) {
    const text = generateEd25519Key('')
    if (fits(publicKeyOf(text))) return text
  }
  throw new Error('no key fits')
}

function write(name: string, text: string): string {
  const file = join(folder, name)
  writeFileSync(file, text, { mode: 0o600 })
  return file
}
