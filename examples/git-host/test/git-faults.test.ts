import { descendantsOf, itWithPeers, startClient, waitUntil } from '@hawse/conformance'
import { afterAll, beforeAll, describe, expect } from '@jest/globals'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { chmodSync, existsSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { startGitHost, type GitUser, type HostUnderTest } from './git-host-server'

const peers = ['git', 'ssh', 'ssh-keygen']

describe('the git host, when things go wrong', () => {
  let host: HostUnderTest
  let alice: GitUser

  beforeAll(async () => {
    host = await startGitHost({ alice: {} })
    alice = host.user('alice')
  })
  afterAll(() => host.stop())

  itWithPeers(
    'makes one repository of first pushes at once, with all their branches',
    peers,
    async () => {
      const tree = await alice.makeTree('race')
      const branches = Array.from({ length: 6 }, (_, index) => `branch-${index}`)
      const url = alice.url('alice/race.git')
      await Promise.all(
        branches.map((branch) => alice.git('-C', tree, 'push', '--quiet', url, `main:${branch}`)),
      )
      const refs = await alice.git('ls-remote', '--heads', url)
      expect(refs.match(/branch-\d/g)).toEqual(branches)
      expect(readdirSync(host.repositories)).toEqual(['alice'])
    },
  )

  itWithPeers(
    'keeps a repository whole, and no process, when a push is cut off',
    peers,
    async () => {
      const tree = await alice.makeTree('cut')
      const url = alice.url('alice/cut.git')
      await alice.git('-C', tree, 'push', '--quiet', url, 'main')
      const before = await alice.git('ls-remote', url, 'main')
      const repository = join(host.repositories, 'alice/cut.git')
      await alice.git('-C', repository, 'config', 'receive.unpackLimit', '1')
      const atRest = descendantsOf(host.process.processId).length
      writeFileSync(join(tree, 'large'), randomBytes(30_000_000))
      await alice.git('-C', tree, 'config', 'core.compression', '0')
      await alice.git('-C', tree, 'add', '.')
      await alice.git('-C', tree, 'commit', '--quiet', '--message', 'Large')
      // A line on which no more than that comes through.
      const line = host.folder.file('line.sh')
      const ssh = alice.environment['GIT_SSH_COMMAND'] ?? ''
      writeFileSync(line, `(head -c 2000000; exec sleep 600) | ${ssh} "$@"\n`)
      const push = startClient('git', ['-C', tree, 'push', '--quiet', url, 'main'], {
        environment: {
          ...alice.environment,
          GIT_SSH_COMMAND: `sh ${line}`,
          GIT_SSH_VARIANT: 'ssh',
        },
      })
      const ended = once(push, 'close')
      await waitUntil(
        () => arrivedBytes(repository) > 1_000_000,
        () => `the push should arrive in ${repository}`,
      )
      for (const processId of [push.pid ?? 0, ...descendantsOf(push.pid ?? 0)]) {
        process.kill(processId, 'SIGKILL')
      }
      await ended
      await waitUntil(
        () => descendantsOf(host.process.processId).length <= atRest,
        () => 'the programs of the push should end',
      )
      // Git itself may leave the pack apart, where nothing sees it, until `git gc` removes it.
      expect(await alice.git('ls-remote', url, 'main')).toBe(before)
      await alice.git('-C', repository, 'fsck', '--strict')
      await alice.git('-C', tree, 'push', '--quiet', url, 'main')
    },
  )

  itWithPeers('lets a push that runs come to its end when it is told to end', peers, async () => {
    const tree = await alice.makeTree('grace')
    const url = alice.url('alice/grace.git')
    await alice.git('-C', tree, 'push', '--quiet', url, 'main')
    const hook = join(host.repositories, 'alice/grace.git/hooks/post-receive')
    const [begun, go, done] = ['begun', 'go', 'done'].map((name) => host.folder.file(name)) as [
      string,
      string,
      string,
    ]
    writeFileSync(hook, `#!/bin/sh\ntouch ${begun}; ${host.folder.waitFor('go')}; touch ${done}\n`)
    chmodSync(hook, 0o755)
    await alice.git('-C', tree, 'commit', '--quiet', '--allow-empty', '--message', 'More')
    const push = alice.tryGit(['-C', tree, 'push', url, 'main'])
    await waitUntil(
      () => existsSync(begun),
      () => 'the hook should begin',
    )
    process.kill(host.process.processId, 'SIGTERM')
    await waitUntil(
      async () => (await alice.ssh('git@127.0.0.1')).code === 255,
      () => 'nobody more should be let in',
    )
    writeFileSync(go, '')
    const { code, stderr } = await push
    expect(code).toBe(0)
    expect(stderr.toString()).toContain('this server is shutting down; this session ends in 10 s')
    expect(existsSync(done)).toBe(true)
    expect(await host.process.ended).toBe(0)
    expect(descendantsOf(host.process.processId)).toEqual([])
  })
})

/** Bytes of the pack that is being pushed: git keeps them apart until all have come. */
function arrivedBytes(repository: string): number {
  const objects = join(repository, 'objects')
  const packs = readdirSync(objects, { recursive: true })
    .map(String)
    .filter((name) => name.includes('tmp_pack'))
  return packs.reduce((sum, name) => sum + statSync(join(objects, name)).size, 0)
}
