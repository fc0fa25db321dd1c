import { createHash, randomBytes } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { killPrinted } from '@hawse/conformance'
import { exited, signaled } from '@hawse/core'
import { hasEnded } from './support/has-ended'
import {
  eventTypes,
  prepareTerminal,
  rawModes,
  runInTerminal,
  runScript,
  terminalRequest,
} from './support/terminal-run'

const pty = terminalRequest({ modes: rawModes })

function hash(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}

describe('output of a program in a terminal', () => {
  let directory: string
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'terminal-'))
  })
  afterEach(() => rmSync(directory, { recursive: true }))

  it('delivers 5 MB of any bytes exactly, through pauses of any length', async () => {
    const bytes = randomBytes(5_000_000)
    const file = join(directory, 'bytes')
    writeFileSync(file, bytes)
    const run = prepareTerminal(['cat', file], { pty })
    let pauseCount = 0
    let isPaused = false
    let isWrong = false
    run.port.event$.subscribe((event) => {
      if (event.type !== 'process.output') return
      isWrong ||= isPaused
      if (event.bytes[0] !== undefined && event.bytes[0] > 64) return
      pauseCount += 1
      isPaused = true
      run.perform({ type: 'process.pauseOutput' })
      setTimeout(
        () => {
          isPaused = false
          run.perform({ type: 'process.resumeOutput' })
        },
        (event.bytes[0] ?? 0) / 16,
      )
    })
    run.perform({ type: 'process.start' })
    expect(await run.over()).toContainEqual({ type: 'process.exited', outcome: exited(0) })
    expect(pauseCount).toBeGreaterThan(10)
    expect(isWrong).toBe(false)
    expect(hash(run.output())).toBe(hash(bytes))
  })

  it('delivers what the terminal held when the program exited while reading was paused', async () => {
    const run = prepareTerminal(['head', '-c', '2892', '/dev/zero'], { pty })
    run.perform({ type: 'process.pauseOutput' })
    run.perform({ type: 'process.start' })
    await run.until(() => eventTypes(run.events).includes('process.exited'))
    expect(eventTypes(run.events)).toEqual(['process.started', 'process.exited'])
    run.perform({ type: 'process.resumeOutput' })
    await run.over()
    expect(run.output()).toEqual(Buffer.alloc(2892))
  })

  it('delivers as much as the kernel lets a program leave behind, in order', async () => {
    // The program fills the terminal as far as it goes without blocking, says how far, and exits.
    const script = join(directory, 'fill.pl')
    const count = join(directory, 'count')
    writeFileSync(
      script,
      `use Fcntl; fcntl(STDOUT, F_SETFL, O_WRONLY | O_NONBLOCK); my $n = 0;
       while (1) { my $line = sprintf("%07d\\n", $n / 8); my $w = syswrite(STDOUT, $line);
       last if !defined $w; $n += $w; last if $w < 8 }
       open my $f, '>', '${count}'; print $f $n; close $f;`,
    )
    const run = prepareTerminal(['perl', script], { pty })
    run.perform({ type: 'process.pauseOutput' })
    run.perform({ type: 'process.start' })
    await run.until(() => eventTypes(run.events).includes('process.exited'))
    run.perform({ type: 'process.resumeOutput' })
    await run.over()
    const byteCount = Number(readFileSync(count, 'latin1'))
    expect(byteCount).toBeGreaterThan(4096)
    const lineCount = Math.ceil(byteCount / 8)
    const lines = Array.from({ length: lineCount }, (_, n) => `${String(n).padStart(7, '0')}\n`)
    expect(run.text()).toBe(lines.join('').slice(0, byteCount))
  })

  it('stays paused until resumed, also between two pieces of the tail', async () => {
    const run = prepareTerminal(['head', '-c', '9000', '/dev/zero'], { pty })
    run.port.event$.subscribe((event) => {
      if (event.type === 'process.output') run.perform({ type: 'process.pauseOutput' })
    })
    run.perform({ type: 'process.start' })
    await run.until(() => eventTypes(run.events).includes('process.exited'))
    while (run.output().length < 9000) {
      const before = run.events.filter((event) => event.type === 'process.output').length
      run.perform({ type: 'process.resumeOutput' })
      await run.until(
        () => run.events.filter((event) => event.type === 'process.output').length > before,
      )
      expect(eventTypes(run.events)).not.toContain('process.outputEnded')
    }
    run.perform({ type: 'process.resumeOutput' })
    await run.over()
    expect(run.output()).toEqual(Buffer.alloc(9000))
  })

  it('ends at exit although a background process still holds the terminal', async () => {
    const run = runScript('trap "" HUP; sleep 1000 & echo $!; exit 4')
    expect(await run.over()).toContainEqual({ type: 'process.exited', outcome: exited(4) })
    const holder = Number(run.text())
    expect(process.kill(holder, 0)).toBe(true)
    killPrinted(run.text())
  })

  it('ends at exit although a background process keeps writing', async () => {
    const run = runScript('trap "" HUP; yes & echo "pid $!"; exit 5', { pty })
    expect(await run.over()).toContainEqual({ type: 'process.exited', outcome: exited(5) })
    const holder = Number(/pid (\d+)\n/.exec(run.text())?.[1])
    expect(holder).toBeGreaterThan(1)
    // It writes to a terminal that is gone.
    await hasEnded(holder)
  })

  it('goes on after the program closed its own descriptors', async () => {
    const run = runScript('exec 0<&- 1>&- 2>&-; sleep 0.2; echo back >/dev/tty')
    await run.over()
    expect(run.text()).toBe('back\r\n')
  })

  it('hangs the terminal up when its output is closed', async () => {
    const run = runInTerminal(['yes'])
    await run.until(() => run.output().length > 0)
    run.perform({ type: 'process.closeOutput', output: 'stdout' })
    expect(eventTypes(run.events).at(-1)).toBe('process.outputEnded')
    const events = await run.over()
    const outcome = events.find((event) => event.type === 'process.exited')?.outcome
    expect([signaled('HUP'), exited(1)]).toContainEqual(outcome)
    expect(eventTypes(events).filter((type) => type === 'process.outputEnded')).toHaveLength(1)
  })

  it('reports an exit before the rest of the output is read', async () => {
    const run = prepareTerminal(['echo', 'x'], { pty })
    run.perform({ type: 'process.pauseOutput' })
    run.perform({ type: 'process.start' })
    await run.until(() => eventTypes(run.events).includes('process.exited'))
    run.perform({ type: 'process.disconnect' })
    await run.over()
    expect(eventTypes(run.events)).toEqual([
      'process.started',
      'process.exited',
      'process.outputEnded',
    ])
  })
})
