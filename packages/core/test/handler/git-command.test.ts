import { afterAll, describe, expect, it } from '@jest/globals'
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { parseGitCommand } from '../../src'

const folder = mkdtempSync(join(tmpdir(), 'hawse-git-command-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const report = `#!/bin/sh\nprintf '%s\\0' "$#" "$@"\n`
writeFileSync(join(folder, 'git-upload-pack'), report, { mode: 0o755 })

describe('parseGitCommand', () => {
  it.each([
    [`git-upload-pack '/srv/a.git'`, 'git-upload-pack', '/srv/a.git'],
    [`git upload-pack 'a.git'`, 'git-upload-pack', 'a.git'],
    [`git-receive-pack 'group/a b.git/'`, 'git-receive-pack', 'group/a b.git/'],
    [`git-upload-archive '~/a'`, 'git-upload-archive', '~/a'],
    [`git-upload-pack 'it'\\''s'\\!''`, 'git-upload-pack', "it's!"],
    [`git-upload-pack ''\\'''`, 'git-upload-pack', "'"],
    [`git-upload-pack 'wow!'`, 'git-upload-pack', 'wow!'],
    [`git-upload-pack '$(id) ; "\`x\`" \\ # é'`, 'git-upload-pack', '$(id) ; "`x`" \\ # é'],
    [`git-upload-pack 'a..b/...'`, 'git-upload-pack', 'a..b/...'],
  ])('accepts %j', (command, service, path) => {
    expect(parseGitCommand(command)).toEqual({ service, path })
  })

  it.each([
    '',
    'git-upload-pack',
    'git-upload-pack ',
    'git-upload-pack /srv/a.git',
    'git-upload-pack "/srv/a.git"',
    `git-upload-pack ''`,
    `git-upload-pack '/a`,
    `git-upload-pack '/a' `,
    ` git-upload-pack '/a'`,
    `git-upload-pack  '/a'`,
    `git-upload-pack\t'/a'`,
    `git-upload-pack '/a'; id`,
    `git-upload-pack '/a' '/b'`,
    `git-upload-pack '/a'\n`,
    `git-upload-pack '/a'$(id)`,
    `git-upload-pack '/a'b`,
    `git-upload-pack '/a''b'`,
    `git-upload-pack '/a'\\''`,
    `git-upload-pack '/a'\\$'b'`,
    `git-upload-pack --timeout=1 '/a'`,
    `git-upload-pack '--timeout=1'`,
    `git-upload-pack '-x'`,
    `git-upload-pack '..'`,
    `git-upload-pack '/srv/../etc'`,
    `git-upload-pack '../a'`,
    `git-upload-pack 'a/..'`,
    `git-upload-pack '/a\0b'`,
    `git-upload-pack '/a\nb'`,
    `git-upload-pack '/a\x1b[2J'`,
    `git-upload-pack '/\ufffd'`,
    `git-upload-pack '/\ud800'`,
    `git-shell '/a'`,
    `git upload-pack-x '/a'`,
    `git --exec-path=/tmp upload-pack '/a'`,
    `GIT-UPLOAD-PACK '/a'`,
    `/usr/bin/git-upload-pack '/a'`,
    `VAR=1 git-upload-pack '/a'`,
  ])('refuses %j', (command) => {
    expect(parseGitCommand(command)).toBeNull()
  })

  it('gives back any plain path that git quoted', () => {
    fc.assert(
      fc.property(plainPath, (path) => {
        const command = `git-upload-pack ${quoteAsGit(path)}`
        expect(parseGitCommand(command)).toEqual({ service: 'git-upload-pack', path })
      }),
    )
  })

  it('accepts only what a shell, too, takes for the service and this one path', () => {
    let accepted = 0
    fc.assert(
      fc.property(hostileCommand, (command) => {
        const parsed = parseGitCommand(command)
        if (parsed === null) return
        accepted += 1
        expect(argumentsInShell(command)).toEqual(['1', parsed.path])
      }),
      { numRuns: 1_000 },
    )
    expect(accepted).toBeGreaterThan(20)
  })
})

const plainPath = fc
  .string({ unit: fc.constantFrom(...Array.from(`'!\\"$\`;&|<>(){}*?#~ /.-aé😀`)), minLength: 1 })
  .filter((path) => !path.startsWith('-') && !path.split('/').includes('..'))

const pieces = [`'`, `'`, `\\`, `'\\''`, `'\\!'`, '!', ' ', ';', '$(id)', '`', '/', '.', '-', 'a']

/** Half of them in quotes, so that not everything is refused. */
const hostileCommand = fc
  .tuple(fc.boolean(), fc.array(fc.constantFrom(...pieces), { maxLength: 8 }))
  .map(([isQuoted, parts]) => {
    const text = parts.join('')
    return `git-upload-pack ${isQuoted ? `'${text}'` : text}`
  })

/** As sq_quote_buf of git. */
function quoteAsGit(path: string): string {
  return `'${path.replace(/['!]/g, `'\\$&'`)}'`
}

/** What a program gets when a shell that finds no other runs this command. */
function argumentsInShell(command: string): readonly string[] {
  const options = { cwd: folder, env: { PATH: folder }, encoding: 'utf8' } as const
  return execFileSync('/bin/sh', ['-c', command], options).split('\0').slice(0, -1)
}
