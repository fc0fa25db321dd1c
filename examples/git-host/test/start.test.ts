import {
  itWithPeers,
  makeTemporaryFolder,
  runClient,
  type ServerProcess,
  type TemporaryFolder,
} from '@hawse/conformance'
import { plainGitEnvironment } from '@hawse/conformance'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { chmodSync, statSync, writeFileSync } from 'node:fs'
import { startGitHostProcess } from './git-host-server'

const peers = ['git', 'ssh']

describe('starting the git host', () => {
  let folder: TemporaryFolder

  beforeAll(async () => {
    folder = await makeTemporaryFolder()
  })
  afterAll(() => folder.remove())

  const startedOn = async (args: readonly string[]): Promise<ServerProcess> => {
    const server = startGitHostProcess(folder, ['--listen', '127.0.0.1:0', ...args])
    await server.waitForLog(/git clone .*\n/)
    return server
  }

  itWithPeers('prints a line that clones, and a clone that pushes', peers, async () => {
    const server = await startedOn([])
    const line = /^git clone .*$/m.exec(server.log())?.[0] ?? ''
    const script = [
      `${line} hello && cd hello && echo hi >file && git add file && git commit -qm first`,
      'git push -q origin HEAD && git fetch && git status',
    ]
    const options = { folder: folder.path, environment: plainGitEnvironment }
    const run = await runClient('sh', ['-ec', script.join('\n')], options)
    expect(run.stderr.toString()).toContain('You appear to have cloned an empty repository')
    expect(run.code).toBe(0)
    process.kill(server.processId, 'SIGTERM')
    expect(await server.ended).toBe(0)
  })

  itWithPeers('keeps keys and access for itself, from start to start', peers, async () => {
    const accessFile = folder.file('state/hawse-git-host/access.json')
    const mode = statSync(accessFile).mode & 0o777
    const lines = []
    for (const _ of [1, 2]) {
      const server = await startedOn([])
      lines.push(/^git clone .* ssh:/m.exec(server.log())?.[0])
      await server.kill()
    }
    expect(mode).toBe(0o600)
    expect(lines[1]).toBe(lines[0])
  })

  const failing = async (...args: readonly string[]) => {
    const server = startGitHostProcess(folder, args)
    return { code: await server.ended, log: server.log() }
  }

  it('prints its options with --help', async () => {
    const { code, log } = await failing('--help')
    expect({ code, hasOptions: log.includes('--repositories DIR') }).toEqual({
      code: 0,
      hasOptions: true,
    })
  })

  it.each([
    [['--prot'], 'run with --help'],
    [['--listen', 'nowhere'], 'HOST:PORT'],
    [['--grace', 'soon'], 'expected seconds'],
  ])('answers %j with one line that says what to do, and code 2', async (args, advice) => {
    const { code, log } = await failing(...args)
    expect(code).toBe(2)
    expect(log).toMatch(/^git-host: [^\n]+\n$/)
    expect(log).toContain(advice)
  })

  it.each([
    ['{', 'is not JSON'],
    ['{"users": {"a/b": {"keys": []}}}', 'expected letters, digits'],
    [
      '{"users": {"alice": {"keys": ["ssh-ed25519 AAAA"]}}}',
      'users.alice.keys.0: it is not a complete ssh-ed25519 key',
    ],
    ['{"users": {"alice": {"keys": [], "reed": []}}}', 'reed'],
    [
      '{"users": {"alice": {"keys": [], "read": ["../*"]}}}',
      'users.alice.read.0: expected OWNER/NAME.git',
    ],
  ])('does not start by the access file %s', async (text, problem) => {
    const file = folder.file('wrong.json')
    writeFileSync(file, text, { mode: 0o600 })
    const { code, log } = await failing('--listen', '127.0.0.1:0', '--access', file)
    expect(code).toBe(1)
    expect(log).toMatch(/^git-host: [^\n]+\n$/)
    expect(log).toContain(problem)
  })

  it('does not start by an access file that others can write to', async () => {
    const file = folder.file('open.json')
    writeFileSync(file, '{"users": {}}')
    chmodSync(file, 0o666)
    expect((await failing('--access', file)).log).toContain(`chmod go-w ${file}`)
  })
})
