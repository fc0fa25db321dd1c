import { describe, expect, it } from '@jest/globals'
import type { TerminalRequest } from '@hawse/core'
import { scriptedProcess } from '@hawse/core/testing'
import { watchable, type WatchableOptions, type WatchOptions } from '../src/index'
import { probeTool, sized } from './tool-probe'

const pty: TerminalRequest = { term: 'xterm', size: sized(132, 43), modes: new Map() }

function watched(options: WatchableOptions & WatchOptions & { isOnTerminal?: boolean } = {}) {
  const { isOnTerminal: isTerminal = false } = options
  const process = scriptedProcess({ isTerminal })
  const port = watchable(process, { ...options, ...(isTerminal && { pty }) })
  const main = probeTool(port)
  const watcher = probeTool(port.watch(options))
  return { process, port, main, watcher }
}

const greeting = '[watching; q, Ctrl-C or Ctrl-D leaves]\n'

describe('a watcher', () => {
  it('is shown both outputs from now on, and the end, with exit code 0', () => {
    const { process, port, main, watcher } = watched()
    process.print('out')
    process.print('err', 'stderr')
    const late = probeTool(port.watch())
    process.print('late')
    process.exit(3)
    process.endOutputs()
    expect(watcher.text()).toBe('outlate')
    expect(watcher.text('stderr')).toBe(`${greeting}err[what was watched exited with 3]\n`)
    expect(late.text()).toBe('late')
    expect(watcher.events).toContainEqual({
      type: 'process.exited',
      outcome: { kind: 'exited', code: 0 },
    })
    expect(watcher.isCompleted()).toBe(true)
    expect(main.text()).toBe('outlate')
    expect(port.watcherCount).toBe(0)
  })

  it('is told the size of the screen, and each new one', () => {
    const { port, watcher } = watched({ isOnTerminal: true })
    port.perform({ type: 'process.resize', size: sized(90, 20) })
    port.perform({ type: 'process.resize', size: sized(90, 20) })
    expect(watcher.text().split('\r\n').filter(Boolean)).toEqual([
      '[watching a screen of 132x43; q, Ctrl-C or Ctrl-D leaves]',
      '[the screen is 90x20 now]',
    ])
    expect(watcher.events[0]).toMatchObject({ outputs: ['stdout'], isTerminal: true })
  })

  it('reaches nothing of the process, whatever it asks', () => {
    const { process, watcher } = watched()
    watcher.write('rm -rf\n')
    watcher.port.perform({ type: 'process.closeInput' })
    watcher.port.perform({ type: 'process.pauseOutput' })
    watcher.port.perform({ type: 'process.resize', size: sized(1, 1) })
    watcher.port.perform({ type: 'process.sendBreak', lengthMs: 0 })
    watcher.port.perform({ type: 'process.closeOutput', output: 'stderr' })
    watcher.port.perform({ type: 'process.signal', signal: 'KILL' })
    watcher.port.perform({ type: 'process.disconnect' })
    expect(process.commands).toEqual([{ type: 'process.start' }])
    expect(watcher.events).toContainEqual({ type: 'process.inputWritten', byteCount: 7 })
  })

  it.each(['q', '\x03', 'abc\x04'])('leaves by %j, and is shown nothing more', (keys) => {
    const { process, port, watcher } = watched()
    watcher.port.perform({ type: 'process.closeInput' })
    watcher.write(keys)
    process.print('after')
    expect(watcher.text()).toBe('')
    expect(watcher.text('stderr')).toBe(`${greeting}[left]\n`)
    expect(watcher.isCompleted()).toBe(true)
    expect(port.watcherCount).toBe(0)
  })

  it.each([
    [{ type: 'process.disconnect' } as const, 'HUP'],
    [{ type: 'process.signal', signal: 'INT' } as const, 'INT'],
    [{ type: 'process.closeOutput', output: 'stdout' } as const, 'PIPE'],
  ])('is over by %j, though it reads nothing', (command, signal) => {
    const { process, port, watcher } = watched()
    watcher.port.perform({ type: 'process.pauseOutput' })
    process.print('waits')
    watcher.port.perform(command)
    expect(watcher.events).toContainEqual({
      type: 'process.exited',
      outcome: expect.objectContaining({ signal }),
    })
    expect(watcher.isCompleted()).toBe(true)
    expect(port.watcherCount).toBe(0)
  })

  it('that is slow misses the oldest output, is told how much, and holds up nobody', () => {
    const { process, main, watcher } = watched({ maximumWaitingBytes: 10 })
    watcher.port.perform({ type: 'process.pauseOutput' })
    process.print('0123456789')
    process.print('abcde')
    expect(main.text()).toBe('0123456789abcde')
    watcher.port.perform({ type: 'process.resumeOutput' })
    process.print('!')
    expect(watcher.text()).toBe('56789abcde!')
    expect(watcher.text('stderr')).toBe(
      `${greeting}[5 bytes are not shown: this watcher is too slow]\n`,
    )
    expect(process.commands).toEqual([{ type: 'process.start' }])
  })

  it('that is paused at the end is shown what waits, and then the end', () => {
    const { process, watcher } = watched()
    watcher.port.perform({ type: 'process.pauseOutput' })
    process.print('last')
    process.exit(0)
    process.endOutputs()
    expect(watcher.isCompleted()).toBe(false)
    watcher.port.perform({ type: 'process.resumeOutput' })
    expect(watcher.text()).toBe('last')
    expect(watcher.types().slice(-2)).toEqual(['process.outputEnded', 'process.outputEnded'])
    expect(watcher.isCompleted()).toBe(true)
  })

  it('may pause in the middle of what waits', () => {
    const { process, watcher } = watched()
    watcher.port.perform({ type: 'process.pauseOutput' })
    process.print('one')
    process.print('two', 'stderr')
    const subscription = watcher.port.event$.subscribe((event) => {
      if (event.type === 'process.output') watcher.port.perform({ type: 'process.pauseOutput' })
    })
    watcher.port.perform({ type: 'process.resumeOutput' })
    expect([watcher.text(), watcher.text('stderr')]).toEqual(['one', greeting])
    subscription.unsubscribe()
    watcher.port.perform({ type: 'process.resumeOutput' })
    expect(watcher.text('stderr')).toBe(`${greeting}two`)
  })

  it('may change the bytes that it gets, as may who is watched', () => {
    const { process, port, main, watcher } = watched()
    const spoil = (probe: typeof main): void => {
      probe.port.event$.subscribe((event) => {
        if (event.type === 'process.output') event.bytes.fill(0)
      })
    }
    spoil(watcher)
    const other = probeTool(port.watch())
    process.emit({ type: 'process.output', output: 'stdout', bytes: Buffer.from('out') })
    expect([main.text(), other.text()]).toEqual(['out', 'out'])
  })

  it('at a terminal is shown lines, not stairs, of a program without one', () => {
    const { process, watcher } = watched({ isTerminal: true })
    process.print('a\nb\r\n\n')
    expect(watcher.text()).toContain('a\r\nb\r\n\r\n')
  })

  it('of what has not started waits, and of what has ended is told so', () => {
    const process = scriptedProcess()
    const port = watchable(process)
    const early = probeTool(port.watch())
    expect(early.events).toEqual([])
    probeTool(port)
    expect(early.types()).toEqual(['process.started', 'process.output'])
    process.exit(0)
    process.endOutputs()
    expect(probeTool(port.watch()).events).toEqual([
      {
        type: 'process.startFailed',
        failure: 'failed',
        message: 'the session that was to be watched has ended',
      },
    ])
  })
})
