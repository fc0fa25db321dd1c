import { describe, expect, it } from '@jest/globals'
import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { currentAccount, loginPath } from '../src/account'
import { shellArguments } from '../src/exact-command'
import { forcedCommand, loginShell, shellCommand } from '../src/programs'
import { servedSubsystems } from '../src/subsystems'
import { temporaryFolder, writeFile } from './temporary-folder'

const folder = temporaryFolder()
const account = { shell: '/bin/zsh' }

describe('login conventions', () => {
  it('starts a shell as a login shell: its name begins with a dash', () => {
    expect(loginShell(account)).toMatchObject({ argv: ['/bin/zsh'], argv0: '-zsh' })
  })

  it('runs a command by the shell of the account, under its short name', () => {
    const program = shellCommand(account, Buffer.from('echo ü'))
    expect(program).toMatchObject({ argv: ['/bin/zsh', '-c', 'echo ü'], argv0: 'zsh' })
  })

  it('forces a command, and tells it what was asked for', () => {
    const forced = { argv: ['/bin/zsh', '-c', 'true'], argv0: 'zsh' }
    expect(forcedCommand(account, 'true', Buffer.from('rm -rf /'))).toEqual({
      ...forced,
      originalCommand: 'rm -rf /',
    })
    expect(forcedCommand(account, 'true', undefined)).toEqual({
      ...forced,
      originalCommand: undefined,
    })
  })

  it('refuses what cannot be passed on', () => {
    const nul = Buffer.from('echo a\0b')
    expect(shellCommand(account, nul)).toEqual({ refusal: expect.stringContaining('NUL') })
    expect(forcedCommand(account, 'true', nul)).toEqual({ refusal: expect.stringContaining('NUL') })
    const latin1 = Buffer.from([0x65, 0xfc])
    expect(forcedCommand(account, 'true', latin1)).toEqual({
      refusal: expect.stringContaining('UTF-8'),
    })
  })
})

describe('shellArguments', () => {
  const shells = ['/bin/sh', '/bin/dash', '/bin/bash'].filter((shell) => existsSync(shell))
  const locales = ['C', 'C.UTF-8']
  const cases = shells.flatMap((shell) => locales.map((locale) => [shell, locale] as const))

  it.each(cases)('passes every byte but NUL to %s exactly, in locale %s', (shell, locale) => {
    const bytes = Buffer.from(Array.from({ length: 255 }, (_, index) => index + 1))
    const quoted = Buffer.from(bytes.toString('latin1').replace("'", `'\\''`), 'latin1')
    const command = Buffer.concat([Buffer.from("printf %s '"), quoted, Buffer.from("'\n\n")])
    expect(run(shell, command, locale)).toEqual(bytes)
  })

  it.each(cases)(
    'keeps the start, the end and a cut character for %s, in locale %s',
    (shell, locale) => {
      const start = Buffer.from('\n printf "%s" "\xe2\x82', 'latin1')
      const end = Buffer.from('"; printf %s \xe2', 'latin1')
      expect(run(shell, Buffer.concat([start, end]), locale)).toEqual(
        Buffer.from('\xe2\x82\xe2', 'latin1'),
      )
    },
  )

  function run(shell: string, command: Buffer, locale: string): Buffer {
    const [program, ...args] = shellArguments(shell, command)
    expect(program).toBe('/bin/sh')
    const env = { LC_ALL: locale, PATH: '/usr/bin:/bin' }
    return execFileSync(program, args, { env, stdio: ['ignore', 'pipe', 'inherit'] })
  }
})

describe('currentAccount', () => {
  it('is the account that runs this, as the system knows it', () => {
    const account = currentAccount()
    expect(account.user).toBe(execFileSync('id', ['-un'], { encoding: 'utf8' }).trim())
    expect(account.uid).toBe(process.getuid?.())
    expect(currentAccount('/bin/sh').shell).toBe('/bin/sh')
  })

  it.each(['sh', '/bin/none', '/bin'])('refuses %s as a shell', (shell) => {
    expect(() => currentAccount(shell)).toThrow('absolute path of a program')
  })

  it('gives the superuser the superuser directories', () => {
    expect(loginPath(0)).toContain('/usr/local/sbin:')
    expect(loginPath(1000)).not.toContain('sbin')
  })
})

describe('servedSubsystems', () => {
  const server = writeFile(folder, 'sftp-server', '#!/bin/sh\n', 0o700)
  const plain = writeFile(folder, 'not-executable', '')

  it('finds the SFTP server of the machine', () => {
    const served = servedSubsystems(new Map([['x', 'y']]), [join(folder, 'none'), plain, server])
    expect([...served]).toEqual([
      ['sftp', server],
      ['x', 'y'],
    ])
  })

  it('prefers the given one, and serves none where there is none', () => {
    expect([...servedSubsystems(new Map([['sftp', 'mine']]), [server])]).toEqual([['sftp', 'mine']])
    expect([...servedSubsystems(new Map(), [plain])]).toEqual([])
  })
})
