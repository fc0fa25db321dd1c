import { readFileSync } from 'node:fs'
import { afterEach, describe, expect } from '@jest/globals'
import { childProcess } from '@hawse/adapter-node-child'
import { ptyProcess } from '@hawse/adapter-node-pty'
import {
  itWithPeers,
  makeTemporaryFolder,
  openTerminalWindow,
  runClient,
  waitUntil,
} from '@hawse/conformance'
import type { HandlerRequest, ProcessPort, SessionHandlers } from '@hawse/core'
import { toFile } from '@hawse/node-streams'
import {
  decorateHandlers,
  detachable,
  limit,
  metricsRegistry,
  record,
  watchable,
  type DetachableProcess,
  type WatchableProcess,
} from '../src/index'
import { startSsh } from './ssh-clients'
import { startSshServer, type SshServer } from './ssh-server'
import { terminals } from './terminals'

const cleanUps: (() => unknown)[] = []

afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp()
})

async function start(handlers: SessionHandlers): Promise<SshServer> {
  const server = await startSshServer(handlers)
  cleanUps.push(() => server.stop())
  return server
}

const bash = ({ pty, env }: HandlerRequest): ProcessPort =>
  pty === undefined
    ? childProcess(['/bin/bash', '--norc'], { env })
    : ptyProcess(['/bin/bash', '--norc', '--noprofile', '-i'], {
        pty,
        env: { ...env, PS1: '$ ', PATH: '/usr/bin:/bin' },
        terminals,
      })

describe('record, with ssh', () => {
  itWithPeers('makes a recording of a terminal that plays', ['ssh', 'tmux', 'bash'], async () => {
    const folder = await makeTemporaryFolder()
    cleanUps.push(folder.remove)
    const file = folder.file('session.cast')
    let recorded: Promise<unknown> | undefined
    const server = await start(
      decorateHandlers({ shell: bash }, (process, { pty }) => {
        const port = record(process, { to: toFile(file), pty, onError: fail })
        recorded = port.recorded
        return port
      }),
    )
    const command = `ssh ${server.args([]).join(' ')}`
    const window = openTerminalWindow(server.folder, command, { columns: 90, rows: 30 })
    cleanUps.push(() => window.close())
    await window.waitForText(/^\$/m)
    window.type("printf 'gr\\303\\274n %s\\n' $((6*7))")
    window.press('Enter')
    await window.waitForText(/^grün 42/m)
    window.resize(100, 32)
    window.type('until [ "$(stty size)" = "32 100" ]; do sleep .05; done; exit 5')
    window.press('Enter')
    expect(await window.waitForExitCode()).toBe(5)
    expect(await recorded).toEqual({ isComplete: true, droppedBytes: 0 })
    const { header, events } = readCast(file)
    expect(header).toMatchObject({ version: 2, width: 90, height: 30 })
    expect(
      events
        .filter(([, code]) => code === 'o')
        .map((event) => event[2])
        .join(''),
    ).toContain('grün 42\r\n')
    expect(events.filter(([, code]) => code === 'r').map((event) => event[2])).toContain('100x32')
    expect(events.at(-1)?.slice(1)).toEqual(['m', 'exited with 5'])
    expect(events.some(([, code]) => code === 'i')).toBe(false)
  })

  itWithPeers('changes no byte of 5 MB either way', ['ssh'], async () => {
    const registry = metricsRegistry()
    const server = await start(
      decorateHandlers(
        { exec: ({ command }) => childProcess(['/bin/sh', '-c', command]) },
        (process) => {
          const to = toFile('/dev/null')
          const measured = registry.meter().process(process)
          return watchable(record(measured, { to, onError: fail, isInputRecorded: true }))
        },
      ),
    )
    const bytes = Buffer.alloc(5_000_000)
    for (let at = 0; at < bytes.length; at += 1) bytes[at] = (at * 7919) >> 8
    const { stdout, code } = await runClient('ssh', server.args(['cat']), { input: bytes })
    expect(code).toBe(0)
    expect(stdout.equals(bytes)).toBe(true)
    const { stdin, stdout: output, endedCounts } = registry.snapshot().total
    expect([stdin.bytes, output.bytes]).toEqual([bytes.length, bytes.length])
    expect(endedCounts.succeeded).toBe(1)
  })
})

describe('limit, with ssh', () => {
  itWithPeers('says on stderr which limit it was', ['ssh'], async () => {
    const yes = (): ProcessPort => limit(childProcess(['yes']), { maximumOutputBytes: 1_000_000 })
    const server = await start({ exec: yes })
    const { code, stdout, stderr } = await runClient('ssh', server.args(['x']))
    expect(code).toBe(255)
    expect(stdout).toHaveLength(1_000_000)
    expect(stderr.toString()).toBe('process ended: more than 1000000 bytes of output\n')
  })
})

describe('watchable, with ssh', () => {
  itWithPeers('shows a bash on a terminal to another ssh', ['ssh', 'bash'], async () => {
    let watched: WatchableProcess | undefined
    const server = await start({
      shell: (request) => (watched = watchable(bash(request), { pty: request.pty })),
      exec: ({ pty }) => watched!.watch({ isTerminal: pty !== undefined }),
    })
    const typist = startSsh(server.args([], ['-tt']))
    await typist.until('$ ')
    const watcher = startSsh(server.args(['watch'], ['-tt']))
    await watcher.until('q, Ctrl-C or Ctrl-D leaves')
    const silent = startSsh(server.args(['watch'], ['-T', '-n']))
    await silent.until('leaves]')
    typist.type('echo seen-by-$((20+1))\n')
    await watcher.until('seen-by-21')
    await silent.until('seen-by-21')
    watcher.type('exit\nq')
    expect(await watcher.exitCode).toBe(0)
    expect(watched!.watcherCount).toBe(1)
    silent.child.kill('SIGKILL')
    await waitUntil(
      () => watched!.watcherCount === 0,
      () => 'a killed watcher is still there',
    )
    typist.type('exit 6\n')
    expect(await typist.exitCode).toBe(6)
  })

  itWithPeers('is not held up by a watcher that is stopped', ['ssh'], async () => {
    let watched: WatchableProcess | undefined
    const server = await start({
      exec: ({ command }) =>
        command === 'watch'
          ? watched!.watch()
          : (watched = watchable(childProcess(['/bin/sh', '-c', command]))),
    })
    const main = startSsh(server.args(['read go; head -c 30000000 /dev/zero | tr "\\0" x; exit 4']))
    await waitUntil(
      () => watched !== undefined,
      () => 'the process was not made',
    )
    const watcher = startSsh(server.args(['watch'], ['-n']))
    await watcher.until('leaves]')
    watcher.child.kill('SIGSTOP')
    main.type('go\n')
    expect(await main.exitCode).toBe(4)
    expect(main.text()).toHaveLength(30_000_000)
    watcher.child.kill('SIGCONT')
    expect(await watcher.exitCode).toBe(0)
    expect(watcher.text()).toMatch(/\[\d+ bytes are not shown: this watcher is too slow\]/)
    expect(watcher.text()).toContain('[what was watched exited with 4]')
  })
})

describe('detachable, with ssh', () => {
  function keeping(make: (request: HandlerRequest) => ProcessPort) {
    let kept: DetachableProcess | undefined
    cleanUps.push(() => kept?.end())
    const attach = (request: HandlerRequest): ProcessPort => {
      kept ??= detachable(make(request), { endSignal: 'KILL' })
      return kept.attach()
    }
    const untilDetached = (): Promise<void> =>
      waitUntil(
        () => kept?.isAttached === false,
        () => 'the client is still attached',
      )
    return { handlers: { shell: attach, exec: attach }, untilDetached }
  }

  itWithPeers('keeps a bash on a terminal whose client is killed', ['ssh', 'bash'], async () => {
    const { handlers, untilDetached } = keeping(bash)
    const server = await start(handlers)
    const first = startSsh(server.args([], ['-tt']))
    await first.until('$ ')
    const path = server.folder.file('go')
    const wait = `until [ -e ${path} ]; do sleep .05; done`
    first.type(`echo be""fore; ${wait}; echo whi""le; echo > ${path}.done\n`)
    await first.until('before')
    first.child.kill('SIGKILL')
    await untilDetached()
    await runClient('touch', [path])
    await waitForFile(`${path}.done`)
    const second = startSsh(server.args([], ['-tt']))
    await second.until('while')
    expect(second.text()).toContain('before')
    second.type('exit 7\n')
    expect(await second.exitCode).toBe(7)
    const late = await runClient('ssh', server.args([], ['-tt']))
    expect([late.code, late.stdout.toString().includes('exit 7')]).toEqual([7, true])
  })

  itWithPeers(
    'keeps a plain program, exactly, whose client closes its channel',
    ['ssh'],
    async () => {
      // OpenSSH may tell the end of its input some time before it closes, so the program reads none.
      const script = 'echo one; until [ -e "$1" ]; do sleep .05; done; echo two; exit 3'
      const { handlers, untilDetached } = keeping(() =>
        childProcess(['/bin/sh', '-c', script, 'sh', server.folder.file('go')]),
      )
      const server = await start(handlers)
      const control = ['-o', `ControlPath=${server.folder.file('mux')}`]
      const master = startSsh(server.args([], ['-M', '-N', ...control]))
      await waitForFile(server.folder.file('mux'))
      const first = startSsh(server.args(['x'], control))
      await first.until('one')
      first.child.kill('SIGTERM')
      await untilDetached()
      const second = startSsh(server.args(['x'], control))
      await second.until('one')
      await runClient('touch', [server.folder.file('go')])
      expect(await second.exitCode).toBe(3)
      expect(second.text()).toBe('one\ntwo\n')
      master.child.kill('SIGTERM')
      await master.exitCode
    },
  )

  itWithPeers(
    'gives the process to the newest client, and ends the other',
    ['ssh', 'bash'],
    async () => {
      const { handlers } = keeping(bash)
      const server = await start(handlers)
      const first = startSsh(server.args([], ['-tt']))
      await first.until('$ ')
      const second = startSsh(server.args([], ['-tt']))
      await first.until('[another client has attached]')
      expect(await first.exitCode).toBe(255)
      second.type('exit 0\n')
      expect(await second.exitCode).toBe(0)
    },
  )
})

function waitForFile(file: string): Promise<void> {
  return waitUntil(
    async () => (await runClient('test', ['-e', file])).code === 0,
    () => `${file} was expected`,
  )
}

function fail(error: unknown): void {
  throw error
}

type CastEvent = readonly [number, string, string]

/** Reads a recording as a player does: every line is JSON, times run forward, codes are those of version 2. */
function readCast(file: string): { readonly header: unknown; readonly events: CastEvent[] } {
  const lines = readFileSync(file, 'utf8').trimEnd().split('\n')
  const [header, ...events] = lines.map((line) => JSON.parse(line) as unknown)
  let lastSeconds = 0
  for (const [seconds, code, data] of events as CastEvent[]) {
    expect(seconds).toBeGreaterThanOrEqual(lastSeconds)
    expect(['o', 'i', 'r', 'm']).toContain(code)
    expect(typeof data).toBe('string')
    lastSeconds = seconds
  }
  return { header, events: events as CastEvent[] }
}
