import { execFile, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { constants } from 'node:os'
import { promisify } from 'node:util'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect } from '@jest/globals'
import { childProcess } from '@hawse/adapter-node-child'
import {
  itUnless,
  itWithPeers,
  makeTemporaryFolder,
  openTerminalWindow,
  waitUntil,
  type TemporaryFolder,
  type TerminalWindow,
} from '@hawse/conformance'
import {
  missingPeerReason,
  missingTerminalReason,
  plainAccount,
  startReferenceSshd,
  type ReachableServer,
} from '@hawse/conformance/servers'
import { run, type RunOptions } from '@hawse/core'
import { clientOfPage, type SshClient } from './ssh-client'

const megabytes = 20 * 1024 * 1024
const anyEnd = { shouldReject: false } as const

describe('the client of the README, on sshd', () => {
  let folder: TemporaryFolder
  let server: (ReachableServer & { readonly stop: () => Promise<void> }) | undefined
  let client: SshClient
  let window: TerminalWindow | undefined

  beforeAll(async () => {
    client = clientOfPage('../README.md')
    if (missingPeerReason(['sshd', 'ssh-keygen']) === undefined)
      server = await startReferenceSshd({ account: plainAccount() })
  })
  afterAll(async () => {
    client.remove()
    await server?.stop()
  })
  beforeEach(async () => {
    folder = await makeTemporaryFolder()
  })
  afterEach(async () => {
    window?.close()
    window = undefined
    await folder.remove()
  })

  const argv = (command?: string): readonly [string, ...string[]] => {
    if (server === undefined) throw new Error('the server is not there: see beforeAll')
    return command === undefined ? client.argv(server) : client.argv(server, command)
  }
  const runClient = (command: string, options: RunOptions = {}): ReturnType<typeof run> =>
    run(childProcess(argv(command), { env: { PATH: process.env['PATH'] ?? '' } }), {
      ...anyEnd,
      ...options,
    })
  /** A window with a shell of the server; the modes of the window are noted before and after it. */
  const openShell = (before = 'true'): TerminalWindow => {
    const line = argv()
      .map((word) => `'${word}'`)
      .join(' ')
    const client = `sh -c 'echo $$ > ${folder.file('pid')}; exec "$@"' sh ${line}`
    const note = (name: string): string => `stty -g > ${folder.file(name)}`
    const script = `${before}; ${note('before')}; ${client}; code=$?; ${note('after')}; (exit $code)`
    window = openTerminalWindow(folder, script)
    return window
  }
  const modesBefore = (): string => readFileSync(folder.file('before'), 'utf8')
  const modesNow = (): string => readFileSync(folder.file('after'), 'utf8')

  itOnSshd('keeps outputs apart, and gives the exit code', async () => {
    const result = await runClient('echo out; echo err >&2; exit 3')
    expect(result).toMatchObject({ stdout: 'out\n', stderr: 'err\n', outcome: { code: 3 } })
  })

  itOnSshd('is a program that fails with 255 where the other was killed', async () => {
    expect((await runClient('kill -TERM $$')).outcome).toEqual({ kind: 'exited', code: 255 })
  })

  itOnSshd('passes on its input and the end of it, exactly and both ways', async () => {
    const bytes = randomBytes(megabytes)
    const process = childProcess(argv('cat'), { env: { PATH: '' } })
    const result = await run(process, {
      input: bytes,
      encoding: 'bytes',
      maximumBufferBytes: 2 * megabytes,
    })
    expect(Buffer.compare(result.stdout, bytes)).toBe(0)
  })

  itOnSshd('ends where its reader has had enough, and the writer with it', async () => {
    const pipeline = `'${argv('exec yes').join("' '")}' | head -1; echo done`
    const { stdout } = await promisify(execFile)('/bin/sh', ['-c', pipeline], { timeout: 60_000 })
    expect(stdout).toBe('y\ndone\n')
  })

  itOnSshd('sends signals of its own to the program', async () => {
    const command = `trap 'echo told; exit 9' INT; echo ready; while :; do sleep .05; done`
    const [program, ...args] = argv(command)
    const running = spawn(program, args, { stdio: ['ignore', 'pipe', 'inherit'] })
    const seen: string[] = []
    running.stdout.on('data', (bytes: Buffer) => seen.push(bytes.toString()))
    const code = new Promise((resolve) => running.on('close', resolve))
    await waitUntil(
      () => seen.join('').includes('ready'),
      () => 'the program never said that it is ready',
    )
    running.kill('SIGINT')
    expect(await code).toBe(9)
    expect(seen.join('')).toBe('ready\ntold\n')
  })

  itInWindow('sits on a terminal: editing, its size and every later one, Ctrl-C', async () => {
    const shell = openShell()
    shell.type('PS1="ready "; stty size\n')
    await shell.waitForText(/24 80\nready/)
    shell.resize(100, 30)
    await untilShown(shell, 'stty size', /30 100/)
    shell.type('sleep 600\n')
    await shell.waitForText(/ready sleep 600/)
    shell.press('C-c')
    await untilShown(shell, 'echo "status $?"', /status 130/)
    shell.type('exit 5\n')
    expect(await shell.waitForExitCode()).toBe(5)
  })

  itInWindow('gives the program its modes, and its own terminal back as it was', async () => {
    const shell = openShell('stty -echoctl erase ^H')
    await untilShown(shell, 'PS1="ready "; stty -a', /erase = \^H;[^]*\s-echoctl/)
    shell.type('exit\n')
    await shell.waitForExitCode()
    expect(modesNow()).toEqual(modesBefore())
  })

  const clientProcessId = (): number => Number(readFileSync(folder.file('pid'), 'utf8'))

  // A signal that ends it at once, and one that is the loss of its terminal: that ends the session first.
  for (const [signal, code] of [
    ['USR2', 128 + constants.signals.SIGUSR2],
    ['HUP', 255],
  ] as const)
    itInWindow(`gives its terminal back when it gets ${signal}`, async () => {
      const shell = openShell()
      await untilShown(shell, 'PS1="ready "; echo "$((40 + 2))"', /42/)
      process.kill(clientProcessId(), `SIG${signal}`)
      expect(await shell.waitForExitCode()).toBe(code)
      expect(modesNow()).toEqual(modesBefore())
    })

  itInWindow(
    'tells the program of a first TERM, and gives its terminal back at a second',
    async () => {
      const shell = openShell()
      const command = `trap 'echo "told $((40 + 2))"' TERM; echo "ready $((40 + 1))"; while :; do sleep .05; done`
      await untilShown(shell, command, /ready 41/)
      process.kill(clientProcessId(), 'SIGTERM')
      await shell.waitForText(/told 42/)
      process.kill(clientProcessId(), 'SIGTERM')
      expect(await shell.waitForExitCode()).toBe(255)
      expect(modesNow()).toEqual(modesBefore())
    },
  )

  itInWindow('shows full-screen programs as they are', async () => {
    const shell = openShell()
    shell.type('PS1="ready "; seq -f "line %g" 0 99 | less\n')
    await shell.waitForText(/^line 0\nline 1\n/m)
    shell.press('G')
    await shell.waitForText(/^line 98\nline 99\n/m)
    shell.press('q')
    await untilShown(shell, 'echo "$((40 + 2))"', /42/)
    shell.type('exit\n')
    expect(await shell.waitForExitCode()).toBe(0)
  })

  function itOnSshd(name: string, test: () => Promise<void>): void {
    itWithPeers(name, ['sshd', 'ssh-keygen'], test)
  }

  function itInWindow(name: string, test: () => Promise<void>): void {
    itUnless(
      missingPeerReason(['sshd', 'ssh-keygen', 'tmux']) ?? missingTerminalReason(),
      name,
      test,
    )
  }
})

/** Types a command and waits for what it shows. */
async function untilShown(window: TerminalWindow, command: string, shown: RegExp): Promise<void> {
  window.type(`${command}\n`)
  await window.waitForText(shown)
}
