import { itWithPeers } from '@hawse/conformance'
import { afterAll, beforeAll, describe, expect } from '@jest/globals'
import { randomBytes } from 'node:crypto'
import { chmodSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { startGitHost, type GitUser, type HostUnderTest } from './git-host-server'

const peers = ['git', 'ssh', 'ssh-keygen']

describe('the git host, asked by git', () => {
  let host: HostUnderTest
  let alice: GitUser

  beforeAll(async () => {
    host = await startGitHost({ alice: {} })
    alice = host.user('alice')
  })
  afterAll(() => host.stop())

  itWithPeers('makes a repository at its first push, and gives it back', peers, async () => {
    const tree = await alice.makeTree('first')
    await alice.git('-C', tree, 'push', '--quiet', alice.url('alice/first.git'), 'main')
    await alice.git('clone', '--quiet', alice.url('alice/first'), host.folder.file('first-back'))
    expect(readFileSync(host.folder.file('first-back/file'), 'utf8')).toBe('first')
    await alice.git('-C', join(host.repositories, 'alice/first.git'), 'fsck', '--strict')
  })

  itWithPeers('fetches what was pushed later, also into a shallow clone', peers, async () => {
    const tree = await alice.makeTree('later')
    const url = alice.url('alice/later.git')
    await alice.git('-C', tree, 'commit', '--quiet', '--allow-empty', '--message', 'Second')
    await alice.git('-C', tree, 'push', '--quiet', url, 'main')
    const shallow = host.folder.file('shallow')
    await alice.git('clone', '--quiet', '--depth=1', url, shallow)
    expect(await alice.git('-C', shallow, 'rev-list', '--count', 'HEAD')).toBe('1\n')
    await alice.git('-C', tree, 'commit', '--quiet', '--allow-empty', '--message', 'Third')
    await alice.git('-C', tree, 'push', '--quiet', url, 'main')
    await alice.git('-C', shallow, 'fetch', '--quiet', '--unshallow')
    expect(await alice.git('-C', shallow, 'rev-list', '--count', 'origin/main')).toBe('3\n')
  })

  itWithPeers(
    'lets clones begin with the branch that was pushed, whatever its name',
    peers,
    async () => {
      const tree = await alice.makeTree('trunk')
      await alice.git('-C', tree, 'push', '--quiet', alice.url('alice/trunk.git'), 'main:trunk')
      const back = host.folder.file('trunk-back')
      await alice.git('clone', '--quiet', alice.url('alice/trunk.git'), back)
      expect(await alice.git('-C', back, 'branch', '--show-current')).toBe('trunk\n')
    },
  )

  itWithPeers('carries 2,000 refs both ways', peers, async () => {
    const tree = await alice.makeTree('refs')
    const url = alice.url('alice/refs.git')
    const names = Array.from({ length: 2_000 }, (_, index) => `refs/tags/tag-${index}`)
    const input = names.map((name) => `create ${name} HEAD\n`).join('')
    await alice.tryGit(['-C', tree, 'update-ref', '--stdin'], { input })
    await alice.git('-C', tree, 'push', '--quiet', '--mirror', url)
    const back = host.folder.file('refs-back')
    await alice.git('clone', '--quiet', '--mirror', url, back)
    const refs = await alice.git('-C', back, 'for-each-ref', '--format=%(refname)')
    expect(refs.trim().split('\n')).toEqual([...names, 'refs/heads/main'].sort())
  })

  itWithPeers('carries 50 MB both ways, exact', peers, async () => {
    const tree = await alice.makeTree('large')
    const url = alice.url('alice/large.git')
    const bytes = randomBytes(50_000_000)
    writeFileSync(join(tree, 'large'), bytes)
    await alice.git('-C', tree, 'config', 'core.compression', '0')
    await alice.git('-C', tree, 'add', '.')
    await alice.git('-C', tree, 'commit', '--quiet', '--message', 'Large')
    await alice.git('-C', tree, 'push', '--quiet', url, 'main')
    const back = host.folder.file('large-back')
    await alice.git('clone', '--quiet', url, back)
    expect(readFileSync(join(back, 'large')).equals(bytes)).toBe(true)
    await alice.git('-C', join(host.repositories, 'alice/large.git'), 'fsck', '--strict')
    await alice.git('-C', back, 'fsck', '--strict')
  })

  itWithPeers('gives an archive without a clone', peers, async () => {
    const tree = await alice.makeTree('archived')
    const url = alice.url('alice/archived.git')
    await alice.git('-C', tree, 'push', '--quiet', url, 'main')
    const { code, stdout } = await alice.tryGit(['archive', `--remote=${url}`, 'main', 'file'])
    expect({ code, holdsFile: stdout.includes('archived') }).toEqual({ code: 0, holdsFile: true })
    expect(stdout.subarray(257, 262).toString()).toBe('ustar')
  })

  itWithPeers('speaks the protocol version that the client asks for', peers, async () => {
    const tree = await alice.makeTree('versions')
    const url = alice.url('alice/versions.git')
    await alice.git('-C', tree, 'push', '--quiet', url, 'main')
    const trace = async (version: number): Promise<string> => {
      const args = ['-c', `protocol.version=${version}`, 'ls-remote', url]
      const { stderr } = await alice.tryGit(args, { environment: { GIT_TRACE_PACKET: '1' } })
      return stderr.toString()
    }
    expect(await trace(2)).toMatch(/< version 2$/m)
    expect(await trace(0)).not.toMatch(/< version \d/)
  })

  itWithPeers('tells hooks who pushed, and nothing of the server', peers, async () => {
    const tree = await alice.makeTree('hooked')
    const url = alice.url('alice/hooked.git')
    await alice.git('-C', tree, 'push', '--quiet', url, 'main')
    const hook = join(host.repositories, 'alice/hooked.git/hooks/pre-receive')
    writeFileSync(
      hook,
      '#!/bin/sh\necho "$HAWSE_USER pushes to $HAWSE_REPOSITORY"; env >&2; exit 1\n',
    )
    chmodSync(hook, 0o755)
    await alice.git('-C', tree, 'commit', '--quiet', '--allow-empty', '--message', 'More')
    const { code, stderr } = await alice.tryGit(['-C', tree, 'push', url, 'main'])
    expect(code).toBe(1)
    expect(stderr.toString()).toMatch(/^remote: alice pushes to alice\/hooked\.git *$/m)
    expect(stderr.toString()).toContain(
      '[remote rejected] main -> main (pre-receive hook declined)',
    )
    expect(stderr.toString()).not.toContain('SERVER_SECRET')
  })

  itWithPeers('refuses objects that are broken', peers, async () => {
    const tree = await alice.makeTree('broken')
    const commit = 'tree 4b825dc642cb6eb9a060e54bf8d69288fbee4904\nauthor nobody\n\nno committer\n'
    const args = ['-C', tree, 'hash-object', '-t', 'commit', '-w', '--stdin', '--literally']
    const made = await alice.tryGit(args, { input: commit })
    const broken = made.stdout.toString().trim()
    const url = alice.url('alice/broken.git')
    const pushed = await alice.tryGit(['-C', tree, 'push', url, `${broken}:refs/heads/main`])
    expect(pushed.code).not.toBe(0)
    expect(pushed.stderr.toString()).toContain('missingEmail')
  })
})
