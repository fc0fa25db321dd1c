import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { exited, signaled, type TerminalSize } from '@hawse/core'
import { hasEnded } from './support/has-ended'
import {
  eventTypes,
  prepareTerminal,
  runInTerminal,
  runScript,
  terminalRequest,
} from './support/terminal-run'

function size(columns: number, rows: number): TerminalSize {
  return { columns, rows, widthPixels: 0, heightPixels: 0 }
}

/** Prints its size for every line of input. */
const sizePrinter = 'echo ready; while read line; do stty size; done'

describe('size of a terminal', () => {
  it('is what was asked for before the program starts', async () => {
    const run = runScript('stty size; tput cols', { pty: terminalRequest({ size: size(101, 33) }) })
    await run.over()
    expect(run.text()).toBe('33 101\r\n101\r\n')
  })

  it('is the last one set before the start', async () => {
    const run = prepareTerminal(['stty', 'size'])
    run.perform({ type: 'process.resize', size: size(90, 30) })
    run.perform({ type: 'process.resize', size: size(0, 31) })
    run.perform({ type: 'process.start' })
    run.perform({ type: 'process.resize', size: size(91, 0) })
    await run.over()
    expect(run.text()).toBe('31 91\r\n')
  })

  it('changes while the program runs, which gets SIGWINCH', async () => {
    const script = 'trap "stty size" WINCH; echo ready; while :; do sleep 0.02; done'
    const run = runInTerminal(['bash', '-c', script])
    await run.until(() => run.text().includes('ready'))
    run.perform({ type: 'process.resize', size: size(120, 40) })
    await run.until(() => run.text().includes('40 120'))
  })

  it('keeps old values for 0 and clamps absurd ones', async () => {
    const run = runScript(sizePrinter)
    await run.until(() => run.text().includes('ready'))
    run.perform({ type: 'process.resize', size: size(0, 50) })
    run.type('\r')
    await run.until(() => run.text().includes('50 80'))
    run.perform({ type: 'process.resize', size: size(4_294_967_295, 0) })
    run.type('\r')
    await run.until(() => run.text().includes('50 65535'))
  })

  it('survives a storm of changes, the last of which wins', async () => {
    const run = runScript('echo ready; read line; stty size')
    await run.until(() => run.text().includes('ready'))
    for (let columns = 1; columns <= 2000; columns += 1) {
      run.perform({ type: 'process.resize', size: size(columns % 3 === 0 ? 0 : columns, columns) })
    }
    run.type('\r')
    await run.over()
    run.perform({ type: 'process.resize', size: size(5, 5) })
    expect(run.text()).toContain('2000 2000')
  })
})

describe('signals to a terminal', () => {
  it('reach the foreground group and not the shell behind it', async () => {
    const run = runInTerminal(['bash', '--norc', '-i'], {
      env: { PATH: '/usr/bin:/bin', PS1: 'prompt> ', HISTFILE: '' },
    })
    await run.until(() => run.text().includes('prompt> '))
    run.type('bash -c "echo child run""ning; exec sleep 1000"\r')
    await run.until(() => run.text().includes('child running'))
    run.perform({ type: 'process.signal', signal: 'TERM' })
    await run.until(() => run.text().includes('Terminated'))
    run.type('exit 9\r')
    expect(await run.over()).toContainEqual({ type: 'process.exited', outcome: exited(9) })
  })

  it.each(['HUP', 'INT', 'KILL', 'QUIT', 'TERM', 'USR1', 'USR2', 'ALRM'])(
    'kill a program with %s',
    async (signal) => {
      const run = runScript('echo ready; exec sleep 1000')
      await run.until(() => run.text().includes('ready'))
      run.perform({ type: 'process.signal', signal })
      expect(await run.over()).toContainEqual({
        type: 'process.exited',
        outcome: signaled(signal),
      })
    },
  )

  it('are ignored when unknown, and after the exit', async () => {
    const run = runScript('read line')
    await run.until(() => eventTypes(run.events).includes('process.started'))
    run.perform({ type: 'process.signal', signal: 'NONSENSE' })
    run.perform({ type: 'process.sendBreak', lengthMs: 0 })
    run.type('\r')
    await run.over()
    run.perform({ type: 'process.signal', signal: 'KILL' })
    expect(run.events).toContainEqual({ type: 'process.exited', outcome: exited(0) })
  })
})

describe('job control', () => {
  it('works in an interactive shell without a complaint', async () => {
    const run = runInTerminal(['bash', '--norc', '-i'], {
      env: { PATH: '/usr/bin:/bin', PS1: 'prompt> ', HISTFILE: '' },
    })
    await run.until(() => run.text().includes('prompt> '))
    run.type('bash -c \'echo "pid=$$="; exec sleep 1000\'\r')
    await run.until(() => /pid=\d+=/.test(run.text()))
    run.type('\x1a')
    await run.until(() => run.text().includes('Stopped'))
    run.type('kill %1; fg; echo "jobs: $(jobs | wc -l)"; exit\r')
    await run.over()
    expect(run.text()).toMatch(/Terminated/)
    expect(run.text()).toContain('jobs: 0')
    expect(run.text()).not.toContain('no job control')
  })
})

describe('hanging up', () => {
  let directory: string
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'terminal-'))
  })
  afterEach(() => rmSync(directory, { recursive: true }))

  it('is seen by the shell as SIGHUP, and the exit is still reported', async () => {
    const file = join(directory, 'hup')
    const script = `trap 'echo hung up >${file}; exit 6' HUP; echo ready; while :; do read line; done`
    const run = runScript(script)
    await run.until(() => run.text().includes('ready'))
    run.perform({ type: 'process.disconnect' })
    expect(eventTypes(run.events).at(-1)).toBe('process.outputEnded')
    expect(await run.over()).toContainEqual({ type: 'process.exited', outcome: exited(6) })
    expect(readFileSync(file, 'latin1')).toBe('hung up\n')
  })

  it('reaches the foreground job as well', async () => {
    const run = runInTerminal(['bash', '--norc', '-i'], {
      env: { PATH: '/usr/bin:/bin', PS1: 'prompt> ', HISTFILE: '' },
    })
    await run.until(() => run.text().includes('prompt> '))
    run.type('bash -c \'echo "pid=$$="; exec sleep 1000\'\r')
    await run.until(() => /pid=\d+=/.test(run.text()))
    const job = Number(/pid=(\d+)=/.exec(run.text())?.[1])
    run.perform({ type: 'process.disconnect' })
    expect(await run.over()).toContainEqual({ type: 'process.exited', outcome: signaled('HUP') })
    await hasEnded(job)
  })

  it('before the start keeps the program from starting', async () => {
    const run = prepareTerminal(['echo', 'hi'])
    run.perform({ type: 'process.disconnect' })
    run.perform({ type: 'process.start' })
    expect(eventTypes(await run.over())).toEqual(['process.startFailed'])
  })

  it('while the program starts still ends everything', async () => {
    const run = runInTerminal(['cat'])
    run.perform({ type: 'process.disconnect' })
    const types = eventTypes(await run.over())
    expect(['process.startFailed', 'process.exited']).toContain(types.at(-1))
  })

  it('reports input that can no longer be written as lost', async () => {
    const run = runInTerminal(['cat'])
    await run.until(() => eventTypes(run.events).includes('process.started'))
    run.perform({ type: 'process.disconnect' })
    run.type('too late')
    run.type('again')
    const events = await run.over()
    expect(eventTypes(events).filter((type) => type === 'process.inputClosed')).toHaveLength(1)
  })
})
