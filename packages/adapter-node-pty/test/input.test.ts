import { createHash, randomBytes } from 'node:crypto'
import { describe, expect, it } from '@jest/globals'
import { exited, signaled } from '@hawse/core'
import {
  eventTypes,
  prepareTerminal,
  rawModes,
  runInTerminal,
  runScript,
  terminalRequest,
  type TerminalRun,
} from './support/terminal-run'

const pty = terminalRequest({ modes: rawModes })

function writtenBytes(run: TerminalRun): number {
  const counts = run.events.map((event) =>
    event.type === 'process.inputWritten' ? event.byteCount : 0,
  )
  return counts.reduce((sum, count) => sum + count, 0)
}

describe('input of a program in a terminal', () => {
  it('carries 300 KB of any bytes exactly and reports each byte once', async () => {
    // Without canonical mode, signals and flow control, a terminal passes every byte.
    const modes = new Map([...rawModes, [50, 0], [38, 0], [36, 0], [59, 0]])
    const bytes = randomBytes(300_000)
    const run = runInTerminal(['sh', '-c', 'echo ready; head -c 300000 | sha256sum'], {
      pty: terminalRequest({ modes }),
    })
    await run.until(() => run.text().includes('ready'))
    for (let start = 0; start < bytes.length; start += 7001) {
      run.perform({ type: 'process.write', bytes: bytes.subarray(start, start + 7001) })
    }
    await run.over()
    expect(run.text()).toContain(createHash('sha256').update(bytes).digest('hex'))
    expect(writtenBytes(run)).toBe(300_000)
    expect(eventTypes(run.events)).not.toContain('process.inputClosed')
  })

  it('keeps what is written before the program runs, until the modes are set', async () => {
    const run = prepareTerminal(['head', '-n', '1'], {
      pty: terminalRequest({ modes: new Map([[53, 0]]) }),
    })
    run.type('typed ahead\r')
    run.perform({ type: 'process.start' })
    run.type('lost')
    await run.over()
    expect(run.text()).toBe('typed ahead\r\n')
    expect(eventTypes(run.events)[0]).toBe('process.started')
  })

  it('echoes when the terminal echoes', async () => {
    const run = runInTerminal(['head', '-n', '1'])
    run.type('abc\r')
    await run.over()
    expect(run.text()).toBe('abc\r\nabc\r\n')
  })

  it('interrupts the program with the interrupt character', async () => {
    const run = runScript('echo ready; exec sleep 1000')
    await run.until(() => run.text().includes('ready'))
    run.type('\x03')
    expect(await run.over()).toContainEqual({ type: 'process.exited', outcome: signaled('INT') })
    expect(run.text()).toContain('^C')
  })

  it('ends input with the end-of-file character, and not with closeInput', async () => {
    const run = runInTerminal(['cat'])
    run.perform({ type: 'process.closeInput' })
    run.type('still open\r')
    await run.until(() => run.text().split('still open').length === 3)
    run.type('\x04')
    expect(await run.over()).toContainEqual({ type: 'process.exited', outcome: exited(0) })
  })

  it('takes a bounded amount from a program that does not read, then reports the rest lost', async () => {
    const run = runInTerminal(['sleep', '1000'], { pty })
    await run.until(() => eventTypes(run.events).includes('process.started'))
    run.perform({ type: 'process.write', bytes: new Uint8Array(1_000_000).fill(120) })
    await run.until(() => writtenBytes(run) > 0)
    run.perform({ type: 'process.signal', signal: 'TERM' })
    const events = await run.over()
    expect(writtenBytes(run)).toBeLessThan(200_000)
    expect(eventTypes(events).filter((type) => type === 'process.inputClosed')).toHaveLength(1)
  })

  it('goes on writing when a program starts to read late', async () => {
    const run = runScript('echo ready; read go </dev/null; sleep 0.3; head -c 100000 | wc -c', {
      pty,
    })
    await run.until(() => run.text().includes('ready'))
    run.perform({ type: 'process.write', bytes: new Uint8Array(100_000).fill(120) })
    await run.over()
    expect(run.text().trim().endsWith('100000')).toBe(true)
    expect(writtenBytes(run)).toBe(100_000)
  })
})
