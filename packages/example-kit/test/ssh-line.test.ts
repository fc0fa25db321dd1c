import { afterAll, describe, expect, it } from '@jest/globals'
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sshLine } from '../src/ssh-line'

const folder = realpathSync(mkdtempSync(join(tmpdir(), 'hawse-kit-')))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** What ssh itself makes of the line, pasted into a shell. */
function readBySsh(line: string): Map<string, string> {
  const text = execFileSync('sh', ['-c', line.replace(/^ssh /, 'ssh -F none -G ')], {
    stdio: ['ignore', 'pipe', 'ignore'],
    encoding: 'utf8',
  })
  const entries = text.split('\n').map((entry): [string, string] => {
    const [name = '', ...value] = entry.split(' ')
    return [name, value.join(' ')]
  })
  return new Map(entries)
}

describe('sshLine', () => {
  it.each([
    'plain',
    'with space',
    "it's",
    'say "hi"',
    '50%d',
    '$HOME',
    'back\\slash',
    '#1',
    'ü;&|<>',
  ])('means the same files to ssh after a shell has read it, in a folder named %s', (name) => {
    const state = join(folder, name)
    mkdirSync(state)
    const clientKeyFile = join(state, 'client_ed25519')
    const knownHostsFile = join(state, 'known_hosts')
    writeFileSync(clientKeyFile, '')
    const line = sshLine({
      user: 'me',
      host: '127.0.0.1',
      port: 2222,
      knownHostsFile,
      clientKeyFile,
    })
    const read = readBySsh(line)
    expect(line).not.toContain('\n')
    expect(read.get('port')).toBe('2222')
    expect(read.get('user')).toBe('me')
    expect(read.get('hostname')).toBe('127.0.0.1')
    expect(read.get('identitiesonly')).toBe('yes')
    expect(read.get('identityfile')?.replaceAll('%%', '%')).toBe(clientKeyFile)
    expect(read.get('userknownhostsfile')?.replaceAll('%%', '%')).toBe(knownHostsFile)
  })

  it('leaves the choice of a key to ssh where the keys let in are given', () => {
    const line = sshLine({
      user: 'me',
      host: '::1',
      port: 1,
      knownHostsFile: '/k',
      clientKeyFile: undefined,
    })
    expect(line).toBe('ssh -p 1 -o UserKnownHostsFile=/k me@::1')
    expect(readBySsh(line).get('hostname')).toBe('::1')
  })
})
