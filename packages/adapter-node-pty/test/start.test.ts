import { mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { exited } from '@hawse/core'
import { eventTypes, runInTerminal, runScript, terminalRequest } from './support/terminal-run'

describe('starting a program in a terminal', () => {
  let directory: string
  beforeEach(() => {
    directory = realpathSync(mkdtempSync(join(tmpdir(), 'terminal-')))
  })
  afterEach(() => rmSync(directory, { recursive: true }))

  it('says that it runs, what it writes, that it exited and that its output ended', async () => {
    const run = runScript('echo hello; exit 3')
    const events = await run.over()
    expect(events[0]).toMatchObject({
      type: 'process.started',
      outputs: ['stdout'],
      isTerminal: true,
    })
    expect(events).toContainEqual({ type: 'process.exited', outcome: exited(3) })
    expect(events.at(-1)).toEqual({ type: 'process.outputEnded', output: 'stdout' })
    expect(eventTypes(events).filter((type) => type === 'process.outputEnded')).toHaveLength(1)
    expect(run.text()).toBe('hello\r\n')
  })

  it('sends both stdout and stderr of the program to the one output', async () => {
    const run = runScript('echo out; echo err >&2')
    await run.over()
    expect(run.text()).toBe('out\r\nerr\r\n')
  })

  it('makes the terminal the controlling terminal of a session that the program leads', async () => {
    const run = runScript('tty; tty </dev/tty; ps -o sid=,pgid=,tpgid=,pid= -p $$', {
      ttyVariable: 'SSH_TTY',
    })
    await run.over()
    const [name, opened, ids] = run.text().split('\r\n')
    expect(name).toMatch(/^\/dev\/pts\/\d+$/)
    expect(opened).toBe('/dev/tty')
    expect(new Set(ids?.trim().split(/\s+/)).size).toBe(1)
  })

  it('gives the program exactly the environment asked for, with TERM and the device name', async () => {
    const env = {
      PATH: '/usr/bin:/bin',
      'odd.name': '1',
      PWD: '/other',
      PS1: '$ ',
      PS4: '+',
      LC_ALL: 'no_SUCH',
      Q: `'"$`,
    }
    const pty = terminalRequest({ term: 'vt220' })
    const run = runScript('tty', { env, pty, ttyVariable: 'SSH_TTY' })
    await run.over()
    const printed = runInTerminal(['env'], { env, pty, ttyVariable: 'SSH_TTY' })
    await printed.over()
    const lines = printed.text().trim().split('\r\n')
    const name = lines.find((line) => line.startsWith('SSH_TTY='))
    expect(name).toMatch(/^SSH_TTY=\/dev\/pts\/\d+$/)
    const expected = Object.entries(env).map(([key, value]) => `${key}=${value}`)
    expect([...lines].sort()).toEqual([...expected, 'TERM=vt220', name, 'SHLVL=0'].sort())
  })

  it('sets the device name in the variable asked for to what tty prints', async () => {
    const run = runScript('tty; echo $SSH_TTY', { ttyVariable: 'SSH_TTY' })
    await run.over()
    const [printed, variable] = run.text().split('\r\n')
    expect(variable).toBe(printed)
  })

  it('leaves PWD and OLDPWD out when they were not asked for', async () => {
    const run = runInTerminal(['printenv', 'PWD', 'OLDPWD'])
    await run.over()
    expect(run.text()).toBe('')
  })

  it('starts a login shell by its argv[0]', async () => {
    const run = runInTerminal(
      ['/bin/bash', '-c', 'echo "$0"; shopt -q login_shell && echo login'],
      {
        argv0: '-bash',
      },
    )
    await run.over()
    expect(run.text()).toBe('-bash\r\nlogin\r\n')
  })

  it('passes arguments byte for byte, without a shell reading them', async () => {
    const words = ['a b', `'`, '"', '$HOME', '*', '', '\\', '-n', 'é']
    const run = runInTerminal(['/usr/bin/printf', '[%s]\n', ...words])
    await run.over()
    const expected = words.map((word) => `[${word}]\r\n`).join('')
    expect(run.output().toString('utf8')).toBe(expected)
  })

  it('runs in the working directory asked for', async () => {
    const run = runInTerminal(['pwd'], { cwd: directory })
    await run.over()
    expect(run.text()).toBe(`${directory}\r\n`)
  })

  it('answers a program that does not exist with 127 and a line on the terminal', async () => {
    const run = runInTerminal(['no-such-program'])
    expect(await run.over()).toContainEqual({ type: 'process.exited', outcome: exited(127) })
    expect(run.text()).toContain('no-such-program: not found')
  })

  it('answers a file that cannot be executed with 126 and a line on the terminal', async () => {
    const run = runInTerminal(['/etc/passwd'])
    expect(await run.over()).toContainEqual({ type: 'process.exited', outcome: exited(126) })
    expect(run.text()).toContain('/etc/passwd: Permission denied')
  })

  it('fails to start in a working directory that does not exist', async () => {
    const cwd = join(directory, 'missing')
    const run = runInTerminal(['pwd'], { cwd })
    expect(await run.over()).toEqual([
      {
        type: 'process.startFailed',
        failure: 'failed',
        message: `cannot change directory to ${cwd}: No such file or directory`,
      },
    ])
  })

  it('fails to start when the kernel refuses the argument list', async () => {
    const run = runInTerminal(['echo', 'x'.repeat(3_000_000)])
    expect(await run.over()).toMatchObject([
      { type: 'process.startFailed', failure: 'noResources' },
    ])
  })

  it('fails to start, without throwing, when an argument cannot be passed on', async () => {
    const run = runInTerminal(['echo', 'a\0b'])
    expect(await run.over()).toMatchObject([{ type: 'process.startFailed', failure: 'failed' }])
  })

  it('starts once', async () => {
    const run = runScript('echo once')
    run.perform({ type: 'process.start' })
    await run.over()
    run.perform({ type: 'process.start' })
    expect(run.text()).toBe('once\r\n')
    expect(eventTypes(run.events).filter((type) => type === 'process.started')).toHaveLength(1)
  })

  const itAsRoot = process.getuid?.() === 0 ? it : it.skip
  itAsRoot('gives the terminal to the user that the program runs as', async () => {
    const run = runScript('id -u; id -g; stat -c %u "$(tty)"; echo x >/dev/tty', {
      uid: 65_534,
      gid: 65_534,
    })
    await run.over()
    expect(run.text()).toBe('65534\r\n65534\r\n65534\r\nx\r\n')
  })
})
