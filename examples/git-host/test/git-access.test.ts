import { itWithPeers } from '@hawse/conformance'
import { afterAll, beforeAll, describe, expect } from '@jest/globals'
import { existsSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { accessText, startGitHost, type GitUser, type HostUnderTest } from './git-host-server'

const peers = ['git', 'ssh', 'ssh-keygen']

/** Bob may read a repository of alice, and everything of the team; carol may write the latter. */
const users = {
  alice: {},
  bob: { read: ['alice/shared.git', 'team/*'] },
  carol: { write: ['team/*'] },
}

describe('who may do what on the git host', () => {
  let host: HostUnderTest
  let alice: GitUser
  let bob: GitUser
  let carol: GitUser

  beforeAll(async () => {
    host = await startGitHost(users)
    ;[alice, bob, carol] = ['alice', 'bob', 'carol'].map((name) => host.user(name)) as [
      GitUser,
      GitUser,
      GitUser,
    ]
    for (const name of ['shared', 'private']) {
      const tree = await alice.makeTree(name)
      await alice.git('-C', tree, 'push', '--quiet', alice.url(`alice/${name}.git`), 'main')
    }
  })
  afterAll(() => host.stop())

  const cloneOf = (user: GitUser, repository: string, name: string) =>
    user.tryGit(['clone', user.url(repository), host.folder.file(name)])

  itWithPeers('knows each user by the key', peers, async () => {
    for (const [name, user] of Object.entries({ alice, bob })) {
      const { code, stdout, stderr } = await user.ssh('-T', 'anybody@127.0.0.1')
      expect({ code, stdout: stdout.toString() }).toEqual({ code: 1, stdout: '' })
      expect(stderr.toString()).toMatch(new RegExp(`^Hi ${name}! `))
    }
  })

  itWithPeers('lets nobody in whose key it does not know', peers, async () => {
    const stranger = await host.user('nobody').ssh('alice@127.0.0.1')
    expect(stranger.code).toBe(255)
    expect(stranger.stderr.toString()).toContain('Permission denied (publickey)')
  })

  itWithPeers('lets a reader clone, and refuses a push in words', peers, async () => {
    const clone = host.folder.file('read')
    expect((await cloneOf(bob, 'alice/shared.git', 'read')).code).toBe(0)
    const push = await bob.tryGit(['-C', clone, 'push', 'origin', 'main:other'])
    expect(push.code).toBe(128)
    expect(push.stderr.toString()).toContain(
      'git-host: you may read alice/shared.git, and not write it\n',
    )
  })

  itWithPeers('lets a writer make what others may then read', peers, async () => {
    const tree = await carol.makeTree('team')
    await carol.git('-C', tree, 'push', '--quiet', carol.url('team/tools.git'), 'main')
    expect((await cloneOf(bob, 'team/tools.git', 'tools')).code).toBe(0)
    expect((await cloneOf(alice, 'team/tools.git', 'tools-2')).code).toBe(128)
  })

  itWithPeers(
    'says the same of what is not there and of what is not to be known',
    peers,
    async () => {
      const answers = []
      for (const name of ['private', 'none']) {
        const cloned = await cloneOf(bob, `alice/${name}.git`, name + '-clone')
        const pushed = await bob.tryGit([
          ...['-C', host.folder.file('private')],
          ...['push', bob.url(`alice/${name}.git`), 'main'],
        ])
        const said = [cloned, pushed].map(({ code, stderr }) => ({
          code,
          text: stderr.toString().replaceAll(name, 'NAME'),
        }))
        expect(said[0]?.text).toContain(
          'git-host: there is no repository alice/NAME.git, or you may not read it\n',
        )
        answers.push(said)
      }
      expect(answers[1]).toEqual(answers[0])
      expect(existsSync(join(host.repositories, 'alice/none.git'))).toBe(false)
    },
  )

  itWithPeers('says of a repository that is not there that it is not', peers, async () => {
    const { code, stderr } = await cloneOf(alice, 'alice/none.git', 'none')
    expect(code).toBe(128)
    expect(stderr.toString()).toContain('there is no repository alice/none.git')
    expect(stderr.toString()).toContain('Could not read from remote repository')
  })

  itWithPeers('serves nothing outside of its folder', peers, async () => {
    const outside = await alice.makeTree('outside')
    symlinkSync(join(outside, '.git'), join(host.repositories, 'alice/link.git'))
    symlinkSync(host.folder.path, join(host.repositories, 'mallory'))
    symlinkSync('nowhere', join(host.repositories, 'alice/dangling.git'))
    writeFileSync(join(host.repositories, 'alice/file.git'), 'text')
    for (const path of [
      ...["'../outside'", "'alice/../../outside'", "'/etc'", `'${outside}'`, "'~root/x.git'"],
      ...["'~/x.git'", "''", "'.'", "'alice'", "'alice/'", "'alice/.git'", "'alice/..git'"],
      ...[
        "'alice/shared.git/hooks'",
        "'alice/shared.git' 'x'",
        'alice/shared.git',
        '"alice/shared.git"',
      ],
      ...["'alice/link.git'", "'alice/dangling.git'", "'alice/file.git'", "'alice/shared.git\n'"],
      ...[
        "'alice/shared.git'; id",
        "'alice/$(id).git'",
        "--strict 'alice/shared.git'",
        "'--strict'",
      ],
      ...["'alice/\u00e4.git'", `'alice/${'x'.repeat(200)}.git'`, `'${'x/'.repeat(3_000)}'`],
    ]) {
      const { code, stdout, stderr } = await alice.ssh('git@127.0.0.1', `git-upload-pack ${path}`)
      expect({ path, code: code === 1 || code === 255, stdout: stdout.toString() }).toEqual({
        path,
        code: true,
        stdout: '',
      })
      expect(stderr.toString()).toMatch(/^(git-host: |the command has)[^\n]+\n/)
      expect(stderr.toString()).not.toContain('uid=')
    }
  })

  itWithPeers('makes nothing outside of its folder', peers, async () => {
    const elsewhere = host.folder.file('elsewhere')
    mkdirSync(elsewhere)
    symlinkSync(elsewhere, join(host.repositories, 'linked'))
    writeFileSync(host.accessFile, accessText(host.folder, { ...users, alice: { write: ['*/*'] } }))
    const pushed = await alice.tryGit([
      '-C',
      host.folder.file('shared'),
      'push',
      alice.url('linked/x.git'),
      'main',
    ])
    writeFileSync(host.accessFile, accessText(host.folder, users))
    expect(pushed.code).toBe(128)
    expect(pushed.stderr.toString()).toContain('linked/x.git cannot be made')
    expect(readdirSync(elsewhere)).toEqual([])
    expect(readdirSync(host.repositories).filter((name) => name.startsWith('.'))).toEqual([])
  })

  itWithPeers('runs nothing but git', peers, async () => {
    for (const command of ['id', 'sh', 'git-shell', 'git gc', 'scp -t .', '']) {
      const { code, stdout, stderr } = await alice.ssh('git@127.0.0.1', command)
      expect({ command, code, stdout: stdout.toString() }).toEqual({ command, code: 1, stdout: '' })
      expect(stderr.toString()).toMatch(/^(git-host: only git |Hi alice)/)
    }
    const sftp = await alice.ssh('-s', 'git@127.0.0.1', 'sftp')
    expect(sftp.stderr.toString()).toContain('no subsystem "sftp" here')
  })

  itWithPeers(
    'takes a change of the access file at once, and lets nobody in by a broken one',
    peers,
    async () => {
      writeFileSync(host.accessFile, accessText(host.folder, { ...users, bob: {} }))
      expect((await cloneOf(bob, 'alice/shared.git', 'taken')).code).toBe(128)
      writeFileSync(host.accessFile, '{')
      expect((await bob.ssh('git@127.0.0.1')).code).toBe(255)
      expect(host.process.log()).toContain(`nobody is let in: ${host.accessFile} is not JSON`)
      writeFileSync(host.accessFile, accessText(host.folder, users))
      expect((await cloneOf(bob, 'alice/shared.git', 'again')).code).toBe(0)
    },
  )
})
