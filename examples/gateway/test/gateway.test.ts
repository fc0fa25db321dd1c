import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { afterAll, afterEach, beforeAll, describe, expect } from '@jest/globals'
import {
  itUnless,
  itWithPeers,
  missingPeerReason,
  missingTerminalReason,
  openTerminalWindow,
  runClient,
  startClient,
  waitUntil,
  type ClientResult,
} from '@hawse/conformance'
import { startGatewayUnderTest, type GatewayUnderTest } from './gateway-under-test'

const servers = ['sshd', 'ssh', 'ssh-keygen']

describe('the gateway', () => {
  let gateway: GatewayUnderTest
  const cleanUps: (() => void)[] = []

  beforeAll(async () => {
    if (missingPeerReason(servers) === undefined) gateway = await startGatewayUnderTest()
  })
  afterEach(() => {
    for (const cleanUp of cleanUps.splice(0)) cleanUp()
  })
  afterAll(() => (missingPeerReason(servers) === undefined ? gateway.stop() : undefined))

  const ssh = (
    login: string,
    command: readonly string[],
    options: Parameters<typeof runClient>[2] = {},
  ): Promise<ClientResult> => runClient('ssh', gateway.args(login, command), options)

  /** Starts a command at a host, and waits until it has printed "ready". */
  async function startReady(login: string, command: string) {
    const child = startClient('ssh', gateway.args(login, [command]), { input: null })
    cleanUps.push(() => child.kill('SIGKILL'))
    let text = ''
    for (const output of [child.stdout, child.stderr]) {
      output?.on('data', (bytes: Buffer) => (text += bytes.toString()))
    }
    const code = new Promise<number | null>((resolve) => child.once('close', resolve))
    await waitUntil(
      () => text.includes('ready'),
      () => `ssh was to print "ready", not ${JSON.stringify(text)}`,
      20_000,
    )
    return { child, code, text: () => text }
  }

  /** The number of the session whose program has this word. */
  async function idOf(word: string): Promise<string> {
    const { stdout } = await ssh('admin', ['list'])
    const line = stdout
      .toString()
      .split('\n')
      .find((row) => row.includes(word))
    return line?.split(/\s/)[0] ?? ''
  }

  itWithPeers('relays two users at once to two hosts, with the exit status', servers, async () => {
    const command = 'read line; echo "$line on ${SSH_CONNECTION##* }"; echo err >&2; exit'
    const [ann, bob] = await Promise.all([
      ssh('ann+web1', [`${command} 3`], { input: 'ann\n' }),
      ssh('bob+web2', [`${command} 4`], { input: 'bob\n' }),
    ])
    const { web1, web2 } = gateway.upstreams
    expect([ann.code, ann.stdout.toString(), ann.stderr.toString()]).toEqual([
      3,
      `ann on ${web1.port}\n`,
      'err\n',
    ])
    expect([bob.code, bob.stdout.toString()]).toEqual([4, `bob on ${web2.port}\n`])
  })

  itWithPeers('uses the connection of a user to a host again', servers, async () => {
    const logins = (): number => gateway.upstreams.web2.log().split('Accepted publickey').length - 1
    await ssh('bob+web2', ['true'])
    const before = logins()
    for (let count = 0; count < 3; count += 1) await ssh('bob+web2', ['true'])
    expect(logins()).toBe(before)
    await ssh('ann+web2', ['true'])
    expect(logins()).toBe(before + 1)
  })

  itWithPeers('passes 20 MB exactly both ways', servers, async () => {
    const bytes = randomBytes(20_000_000)
    const { code, stdout } = await ssh('ann+web1', ['cat'], { input: bytes })
    expect(code).toBe(0)
    expect(stdout.equals(bytes)).toBe(true)
  })

  const terminalReason = missingPeerReason([...servers, 'tmux']) ?? missingTerminalReason()
  itUnless(terminalReason, 'relays a terminal, its sizes, and records it', async () => {
    const command = `ssh ${gateway.args('ann+web1', [], ['-tt']).join(' ')}`
    const window = openTerminalWindow(gateway.folder, command, { columns: 90, rows: 30 })
    cleanUps.push(() => window.close())
    await window.waitForText(/[$#]/)
    window.type('stty size')
    window.press('Enter')
    await window.waitForText(/^30 90/m)
    window.resize(100, 32)
    window.type('until [ "$(stty size)" = "32 100" ]; do sleep .05; done; exit 5')
    window.press('Enter')
    expect(await window.waitForExitCode()).toBe(5)
    const cast = gateway
      .recordings()
      .map((file) => readFileSync(file, 'utf8'))
      .find((text) => text.includes('"width":90'))
    const events =
      cast
        ?.trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line) as unknown[]) ?? []
    expect(events[0]).toMatchObject({ version: 2, height: 30, title: 'ann at web1' })
    expect(events.map((event) => event[2])).toContain('100x32')
    expect(events.at(-1)?.slice(1)).toEqual(['m', 'exited with 5'])
  })

  itWithPeers('relays sftp', [...servers, 'sftp'], async () => {
    writeFileSync(gateway.folder.file('up'), randomBytes(1_000_000))
    const shared = gateway.folder.file('shared')
    mkdirSync(shared)
    chmodSync(shared, 0o777)
    const batch = `put ${gateway.folder.file('up')} ${shared}/there\nget ${shared}/there ${shared}/back\n`
    const args = ['-b', '-', ...gateway.options('ann+web1'), '127.0.0.1']
    const { code } = await runClient('sftp', args, { input: batch })
    expect(code).toBe(0)
    expect(readFileSync(`${shared}/back`).equals(readFileSync(gateway.folder.file('up')))).toBe(
      true,
    )
  })

  itWithPeers('relays git', [...servers, 'git'], async () => {
    const repository = (await ssh('ann+web1', ['mktemp -d'])).stdout.toString().trim()
    await ssh('ann+web1', [`git init -q --bare ${repository}/r.git`])
    const clone = gateway.folder.file('clone')
    const environment = { GIT_SSH_COMMAND: `ssh ${gateway.options('ann+web1').join(' ')}` }
    const git = (...args: string[]): Promise<ClientResult> =>
      runClient('git', ['-c', 'user.name=a', '-c', 'user.email=a@example.com', ...args], {
        environment,
      })
    await git('init', '-q', clone)
    await git('-C', clone, 'commit', '-q', '--allow-empty', '-m', 'first')
    const url = `ssh://127.0.0.1${repository}/r.git`
    expect((await git('-C', clone, 'push', '-q', url, 'HEAD:main')).code).toBe(0)
    const { stdout } = await git('ls-remote', url, 'main')
    const head = execFileSync('git', ['-C', clone, 'rev-parse', 'HEAD'], { encoding: 'utf8' })
    expect(stdout.toString()).toContain(head.trim())
    await ssh('ann+web1', [`rm -r ${repository}`])
  })

  itWithPeers('lists, shows and ends a session for the admin', servers, async () => {
    const one = await startReady('ann+web1', 'echo ready; read go; echo seen-$go; exec sleep 987')
    const id = await idOf('sleep 987')
    const watcher = startClient('ssh', gateway.args('admin', ['watch', id]), { input: null })
    cleanUps.push(() => watcher.kill('SIGKILL'))
    let watched = ''
    watcher.stderr?.on('data', (bytes: Buffer) => (watched += bytes.toString()))
    watcher.stdout?.on('data', (bytes: Buffer) => (watched += bytes.toString()))
    const until = (words: string): Promise<void> =>
      waitUntil(
        () => watched.includes(words),
        () => `the watcher was to be shown ${words}, not ${watched}`,
        20_000,
      )
    await until('watching')
    one.child.stdin?.write('now\n')
    await until('seen-now')
    const kill = await ssh('admin', ['kill', id, 'too', 'long'])
    expect(kill.stdout.toString()).toBe(`session ${id} is being ended\n`)
    expect(await one.code).toBe(255)
    expect(one.text()).toContain('ended by admin: too long')
    await until('what was watched')
    expect(await idOf('sleep 987')).toBe('')
  })

  itWithPeers('tells that a host died in the middle', servers, async () => {
    // The parent of a command is the process of sshd that has the connection.
    const one = await startReady('bob+web2', 'echo ready; read go; kill -9 $PPID; read end')
    one.child.stdin?.write('go\n')
    expect(await one.code).toBe(255)
    expect(one.text()).toContain('the connection to web2 was lost: ')
    expect((await ssh('bob+web2', ['exit 6'])).code).toBe(6)
  })

  const refusals: readonly (readonly [string, string, string])[] = [
    ['a host that there is not', 'ann+web9', 'no host web9 for you'],
    ['a host that the user may not reach', 'bob+web1', 'no host web1 for you'],
    ['a host whose key is not known', 'ann+unknown', 'the host key of unknown is not known'],
    ['a host whose key is another', 'ann+forged', 'is not the one that is known'],
    ['a host that does not answer', 'ann+down', 'down cannot be reached: connect ECONNREFUSED'],
    ['its own shell', 'ann', 'commands: hosts; log in as NAME+HOST'],
  ]
  for (const [what, login, words] of refusals) {
    itWithPeers(`refuses ${what}, in words`, servers, async () => {
      const { code, stderr } = await ssh(login, ['true'])
      expect(code).toBe(255)
      expect(stderr.toString()).toContain(words)
    })
  }

  itWithPeers('lets nobody in without a key, and no user be an admin', servers, async () => {
    const words = gateway.args('ann+web1', ['true'])
    const asStranger = words.map((word) => word.replace('client_key', 'stranger_key'))
    const { stderr } = await runClient('ssh', asStranger)
    expect(stderr.toString()).toContain('Permission denied')
    expect((await ssh('ann', ['list'])).stderr.toString()).toContain('commands: hosts')
    expect((await ssh('bob', ['hosts'])).stdout.toString()).toBe('web2\n')
  })

  itWithPeers('passes no agent on', [...servers, 'ssh-agent'], async () => {
    const command = gateway.args('ann+web1', ['echo "agent [$SSH_AUTH_SOCK]"'], ['-A'])
    const { stdout } = await runClient('ssh-agent', ['ssh', ...command])
    expect(stdout.toString()).toBe('agent []\n')
  })

  itWithPeers('tells its metrics in the words of Prometheus', servers, async () => {
    await ssh('ann+web1', ['echo 12345; exit 9'])
    const { stdout } = await ssh('admin', ['metrics'])
    const text = stdout.toString()
    expect(text).toMatch(/^gateway_sessions_ended_total\{host="web1",outcome="failed"\} \d+$/m)
    expect(text).toMatch(/^gateway_bytes_total\{stream="stdout"\} [1-9]\d*$/m)
    expect(text).toMatch(/^gateway_sessions_running 0$/m)
    expect(text).toMatch(/^gateway_upstream_connections [1-9]$/m)
  })
})
