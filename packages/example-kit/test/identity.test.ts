import { afterAll, describe, expect, it } from '@jest/globals'
import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openIdentity } from '../src/identity'
import { createPrivateFile, stateFolderPath } from '../src/state-folder'

const folder = realpathSync(mkdtempSync(join(tmpdir(), 'hawse-kit-')))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const owner = { uid: process.getuid?.() ?? 0, home: folder }

function modeOf(file: string): number {
  return statSync(file).mode & 0o777
}

describe('openIdentity', () => {
  it('makes the folder with mode 0700 and files with mode 0600, and leaves nothing else behind', () => {
    const state = join(folder, 'made', 'hawse')
    openIdentity(state, owner, [])
    expect(modeOf(state)).toBe(0o700)
    expect(readdirSync(state).sort()).toEqual(['client_ed25519', 'host_ed25519', 'known_hosts'])
    expect(readdirSync(state).map((name) => modeOf(join(state, name)))).toEqual([
      0o600, 0o600, 0o600,
    ])
  })

  it('keeps the keys from start to start', () => {
    const state = join(folder, 'kept')
    const first = openIdentity(state, owner, [])
    const second = openIdentity(state, owner, [])
    expect(second.hostKeys).toEqual(first.hostKeys)
    expect(second.clientKey.getPublicSSH()).toEqual(first.clientKey.getPublicSSH())
  })

  it('makes any host with the host key known', () => {
    const state = join(folder, 'known')
    const { knownHostsFile } = openIdentity(state, owner, [])
    const publicKey = execFileSync('ssh-keygen', ['-y', '-f', join(state, 'host_ed25519')])
    const [type, blob] = publicKey.toString().split(' ')
    expect(readFileSync(knownHostsFile, 'utf8')).toBe(`* ${type} ${blob}\n`)
  })

  it('takes given host keys of several types, and names a known hosts file of their own', () => {
    const files = ['rsa', 'ecdsa'].map((type) => makeKey(join(folder, `given_${type}`), type))
    const state = join(folder, 'given')
    const identity = openIdentity(state, owner, files)
    expect(identity.knownHostsFile).not.toBe(openIdentity(state, owner, []).knownHostsFile)
    expect(readFileSync(identity.knownHostsFile, 'utf8')).toMatch(
      /^\* ssh-rsa .*\n\* ecdsa-sha2-\S+ .*\n$/,
    )
    expect(identity.hostKeys).toEqual(files.map((file) => readFileSync(file, 'utf8')))
  })

  it('refuses a host key that others can read, and says how to mend it', () => {
    const file = makeKey(join(folder, 'open'), 'ed25519')
    chmodSync(file, 0o640)
    expect(() => openIdentity(join(folder, 'x'), owner, [file])).toThrow(`chmod 600 ${file}`)
  })

  it('refuses host keys that are missing, public, encrypted or no keys at all', () => {
    const file = makeKey(join(folder, 'locked'), 'ed25519', 'passphrase')
    const state = join(folder, 'refused')
    const publicFile = write('public', readFileSync(`${file}.pub`, 'utf8'))
    const text = write('text', 'hello')
    expect(() => openIdentity(state, owner, [join(folder, 'none')])).toThrow('cannot be read')
    for (const unusable of [file, publicFile, text]) {
      expect(() => openIdentity(state, owner, [unusable])).toThrow('is not a private key')
    }
  })

  it('refuses a state folder that is open to others, and one that cannot be made', () => {
    const open = join(folder, 'open-state')
    mkdirSync(open)
    chmodSync(open, 0o755)
    expect(() => openIdentity(open, owner, [])).toThrow(`chmod 700 ${open}`)
    const file = write('file', '')
    expect(() => openIdentity(join(file, 'hawse'), owner, [])).toThrow('cannot be made')
  })
})

describe('createPrivateFile', () => {
  it('keeps the file of a server that was faster, and removes its own draft', () => {
    const state = join(folder, 'race')
    mkdirSync(state)
    const file = join(state, 'key')
    createPrivateFile(file, () => {
      writeFileSync(file, 'theirs')
      return 'ours'
    })
    expect(readFileSync(file, 'utf8')).toBe('theirs')
    expect(readdirSync(state)).toEqual(['key'])
  })
})

describe('stateFolderPath', () => {
  it('follows XDG_STATE_HOME where it is absolute', () => {
    expect(stateFolderPath('/state', '/home/a')).toBe('/state/hawse')
    expect(stateFolderPath(undefined, '/home/a')).toBe('/home/a/.local/state/hawse')
    expect(stateFolderPath('', '/home/a')).toBe('/home/a/.local/state/hawse')
    expect(stateFolderPath('relative', '/home/a')).toBe('/home/a/.local/state/hawse')
  })

  it('refuses a folder that ssh would read as something else', () => {
    expect(() => stateFolderPath('/a${HOME}', '/home/a')).toThrow('set XDG_STATE_HOME')
  })
})

function makeKey(file: string, type: string, passphrase = ''): string {
  execFileSync('ssh-keygen', ['-q', '-t', type, '-N', passphrase, '-f', file])
  return file
}

function write(name: string, text: string): string {
  const file = join(folder, name)
  writeFileSync(file, text, { mode: 0o600 })
  return file
}
