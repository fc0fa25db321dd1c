import {
  isRunning,
  itWithPeers,
  readAll,
  runClient,
  startClient,
  waitUntil,
} from '@hawse/conformance'
import { afterAll, beforeAll, describe, expect } from '@jest/globals'
import { execFileSync } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import type { Readable } from 'node:stream'
import { setTimeout as delay } from 'node:timers/promises'
import { linesOf, program, startHosts, tableOf, type HostsUnderTest } from './hosts-under-test'

const peers = ['sshd', 'ssh-keygen']

describe('a command on several hosts', () => {
  let hosts: HostsUnderTest
  let names: readonly [string, string, string]

  beforeAll(async () => {
    hosts = await startHosts(3)
    names = hosts.names as [string, string, string]
  })
  afterAll(() => hosts.stop())

  const run = (...args: readonly string[]) => hosts.run([...hosts.options, ...args])

  itWithPeers(
    'shows both outputs of each, line by line and apart, and a table',
    peers,
    async () => {
      const result = await run(...names, '--', 'echo out; echo err >&2; printf "no end"')
      expect(result.code).toBe(0)
      for (const name of names) {
        expect(linesOf(result.stdout, name)).toEqual(['out', 'no end'])
        expect(linesOf(result.stderr, name)).toContain('err')
        expect(tableOf(result).get(name)).toMatch(/^exited +0 +\d+\.\d s +14$/)
      }
    },
  )

  itWithPeers(
    'ends with the highest exit code, and 128 and the number of a signal',
    peers,
    async () => {
      const command = `case $SSH_CONNECTION in *" ${hosts.servers[1]?.port}") exit 7;; *" ${hosts.servers[2]?.port}") kill -SEGV $$;; esac`
      const result = await run(...names.slice(0, 2), '--', command)
      expect(result.code).toBe(7)
      const signaled = await run(...names, '--', command)
      expect(signaled.code).toBe(128 + 11)
      expect([...tableOf(signaled).values()].map((row) => row.split(/ {2,}/).slice(0, 2))).toEqual([
        ['exited', '0'],
        ['exited', '7'],
        ['killed by SIGSEGV', '-'],
      ])
    },
  )

  itWithPeers('reads hosts from a file, runs on as many at once as it is told', peers, async () => {
    const file = hosts.folder.file('hosts')
    writeFileSync(file, `# three of them\n${names.slice(1).join(' # here\n\n')}\n`)
    const args = ['-f', file, '-P', '1', names[0], '--', 'echo begins; sleep .1; echo ends']
    const { code, stdout } = await run(...args)
    expect(code).toBe(0)
    expect(stdout.toString().match(/(begins|ends)/g)).toEqual(
      Array(3).fill(['begins', 'ends']).flat(),
    )
  })

  itWithPeers('gives each host the whole input', peers, async () => {
    const file = hosts.folder.file('input')
    const bytes = randomBytes(3_000_000)
    writeFileSync(file, bytes)
    const { code, stdout } = await run('--input', file, ...names, '--', 'sha256sum')
    expect(code).toBe(0)
    const digest = createHash('sha256').update(bytes).digest('hex')
    for (const name of names) expect(linesOf(stdout, name)).toEqual([`${digest}  -`])
  })

  itWithPeers('ends what takes too long', peers, async () => {
    const result = await run('--timeout', '0.5', names[0], '--', 'exec sleep 1000.71')
    expect(result.code).toBe(124)
    expect(tableOf(result).get(names[0])).toMatch(/^timed out, killed by SIGTERM/)
    expect(isRunning('sleep 1000.71')).toBe(false)
  })

  itWithPeers('keeps lines whole and memory small with a slow reader', peers, async () => {
    const count = 60_000
    const command = `i=0; yes "$(printf %01000d 0)" | head -n ${count}; echo last`
    const child = hosts.start([...hosts.options, ...names, '--', command])
    let mostKib = 0
    const chunks: Buffer[] = []
    const read = async (): Promise<void> => {
      for await (const chunk of child.stdout as Readable) {
        chunks.push(chunk as Buffer)
        mostKib = Math.max(mostKib, residentKib(child.pid ?? 0))
        // A slow reader, and not one that waits for something.
        await delay(1)
      }
    }
    child.stderr?.resume()
    await Promise.all([read(), once(child, 'exit')])
    const zeros = '0'.repeat(1_000)
    const seen = new Map<string, number>()
    for (const line of Buffer.concat(chunks).toString().trimEnd().split('\n')) {
      const [name = '', text] = line.split(': ')
      if (text === 'last') expect(seen.get(name)).toBe(count)
      else if (text === zeros) seen.set(name, (seen.get(name) ?? 0) + 1)
      else throw new Error(`a line that no host wrote: ${line.slice(0, 200)}`)
    }
    expect([...seen.keys()].sort()).toEqual([...names].sort())
    expect(mostKib).toBeLessThan(200 * 1024)
  })

  itWithPeers('keeps lines whole where both outputs go to one place', peers, async () => {
    const [out, err] = ['o', 'e'].map((letter) => letter.repeat(30_000))
    const command = `line() { head -c 30000 /dev/zero | tr "\\\\0" $1; echo; }; for i in $(seq 50); do line o; line e >&2; done`
    const quoted = [process.execPath, program, ...hosts.options, ...names, '--', `'${command}'`]
    const { stdout } = await runClient('sh', ['-c', `${quoted.join(' ')} 2>&1 | (sleep 1; cat)`])
    for (const name of names) {
      const lines = linesOf(stdout, name)
      expect(lines.filter((line) => line === out)).toHaveLength(50)
      expect(lines.filter((line) => line === err)).toHaveLength(50)
    }
  })

  itWithPeers('stops the commands when nobody reads any more', peers, async () => {
    const line = [process.execPath, program, ...hosts.options, ...names, '--', "'yes 1000.72'"]
    const child = startClient('sh', ['-c', `${line.join(' ')} | head -n 1`])
    child.stdout?.resume()
    child.stderr?.resume()
    expect(await once(child, 'exit')).toEqual([0, null])
    await waitUntil(
      () => !isRunning('yes 1000.72'),
      () => 'yes should have been stopped',
    )
  })

  itWithPeers('comes to an end at SIGINT wherever each host is', peers, async () => {
    const silent = createServer().listen(0, '127.0.0.1')
    await once(silent, 'listening')
    const silentName = `127.0.0.1:${(silent.address() as AddressInfo).port}`
    const command = 'echo begun; exec sleep 1000.76'
    const args = ['-P', '2', '--connect-timeout', '600', silentName, ...names.slice(0, 2)]
    const child = hosts.start([...hosts.options, ...args, '--', command])
    const stderr = readAll(child.stderr as Readable)
    await Promise.all([once(child.stdout as Readable, 'data'), once(silent, 'connection')])
    child.kill('SIGINT')
    expect(await once(child, 'exit')).toEqual([255, null])
    silent.close()
    const rows = tableOf({ stderr: await stderr })
    expect(rows.get(silentName)).toMatch(/^unreachable: interrupted/)
    expect(rows.get(names[0])).toMatch(/^killed by SIGINT/)
    expect(rows.get(names[1])).toMatch(/^not begun/)
    expect(isRunning('sleep 1000.76')).toBe(false)
  })

  itWithPeers('makes hosts that cannot be run on rows of the table', peers, async () => {
    const [server] = hosts.servers
    const result = await run(
      ...['-P', '9', names[0], `nobody-else@127.0.0.1:${server?.port}`, '127.0.0.1:1'],
      ...['no-such-host.invalid', '--', 'echo here'],
    )
    expect(result.code).toBe(255)
    const rows = tableOf(result)
    expect(rows.get(names[0])).toMatch(/^exited +0/)
    expect(rows.get(`nobody-else@127.0.0.1:${server?.port}`)).toMatch(
      /^refused: it lets nobody-else in by none of the keys +-/,
    )
    expect(rows.get('127.0.0.1:1')).toMatch(/^unreachable: connection refused/)
    expect(rows.get('no-such-host.invalid')).toMatch(/^unreachable: its name/)
  })

  itWithPeers('tells of a host that is lost while the command runs', peers, async () => {
    const command = `echo begun; ${hosts.folder.waitFor('lose')}; kill -9 $PPID; sleep 1`
    const child = hosts.start([...hosts.options, names[0], '--', command])
    const stderr = readAll(child.stderr as Readable)
    const [begun] = (await once(child.stdout as Readable, 'data')) as [Buffer]
    expect(linesOf(begun, names[0])).toEqual(['begun'])
    writeFileSync(hosts.folder.file('lose'), '')
    expect(await once(child, 'exit')).toEqual([255, null])
    expect(tableOf({ stderr: await stderr }).get(names[0])).toMatch(/^lost: /)
  })

  describe('whose key is looked up in known hosts', () => {
    const withKnownHosts = (file: string) =>
      hosts.run([
        '-i',
        hosts.servers[0]?.clientKeyFile ?? '',
        '--known-hosts',
        file,
        names[0],
        '--',
        'echo in',
      ])

    const knownLine = () => readFileSync(hosts.servers[0]?.knownHostsFile ?? '', 'utf8')
    const otherLine = () => {
      const [, ...key] = readFileSync(hosts.servers[1]?.knownHostsFile ?? '', 'utf8').split(' ')
      return `${knownLine().split(' ')[0]} ${key.join(' ')}`
    }

    const cases: readonly [string, () => string, RegExp][] = [
      ['hashed', () => hashed(knownLine()), /^exited/],
      ['by a pattern', () => knownLine().replace(/^\S+/, '*'), /^exited/],
      ['beside another key', () => `${otherLine()}\n${knownLine()}`, /^exited/],
      [
        'not there',
        () => '',
        /^untrusted: its host key is not known \(SHA256:\S+\); compare it, then: ssh-keyscan/,
      ],
      ['another one', () => otherLine(), /^untrusted: its host key is not the known one \(SHA256:/],
      ['revoked', () => `@revoked ${knownLine()}`, /^untrusted: its host key is revoked/],
    ]
    for (const [name, text, row] of cases) {
      itWithPeers(name, peers, async () => {
        const file = hosts.folder.file('known')
        writeFileSync(file, text())
        expect(tableOf(await withKnownHosts(file)).get(names[0])).toMatch(row)
      })
    }

    function hashed(line: string): string {
      const file = hosts.folder.file('to-hash')
      writeFileSync(file, line)
      execFileSync('ssh-keygen', ['-q', '-H', '-f', file], { stdio: 'ignore' })
      const text = readFileSync(file, 'utf8')
      expect(text).toMatch(/^\|1\|/)
      return text
    }
  })

  itWithPeers(
    'logs in by an agent, and by the usual key files',
    ['ssh-agent', 'ssh-add', ...peers],
    async () => {
      const [server] = hosts.servers
      const known = ['--known-hosts', server?.knownHostsFile ?? '']
      const socket = hosts.folder.file('agent')
      const agent = startClient('ssh-agent', ['-D', '-a', socket], { input: null })
      try {
        await waitUntil(
          () => tryToAdd(socket, server?.clientKeyFile ?? ''),
          () => 'the agent should take a key',
        )
        const environment = { SSH_AUTH_SOCK: socket }
        const byAgent = await hosts.run([...known, names[0], '--', 'true'], { environment })
        expect(byAgent.code).toBe(0)
      } finally {
        agent.kill()
      }
      const nothing = await hosts.run([...known, names[0], '--', 'true'])
      expect(nothing.code).toBe(1)
      expect(nothing.stderr.toString()).toContain('there is no key to log in with')
      execFileSync('mkdir', ['-p', hosts.folder.file('.ssh')])
      copyFileSync(server?.clientKeyFile ?? '', hosts.folder.file('.ssh/id_ed25519'))
      expect((await hosts.run([...known, names[0], '--', 'true'])).code).toBe(0)
    },
  )
})

function tryToAdd(socket: string, keyFile: string): boolean {
  try {
    execFileSync('ssh-add', ['-q', keyFile], {
      env: { ...process.env, SSH_AUTH_SOCK: socket },
      stdio: 'ignore',
    })
    return true
  } catch {
    return false
  }
}

/** Resident memory of a process, in KiB. */
function residentKib(processId: number): number {
  try {
    const status = readFileSync(`/proc/${processId}/status`, 'utf8')
    return Number(/^VmRSS:\s*(\d+)/m.exec(status)?.[1] ?? 0)
  } catch {
    return 0
  }
}
