import { describe, expect, it } from '@jest/globals'
import { manualClock, scriptedProcess } from '@hawse/core/testing'
import { detachable, type DetachableOptions } from '../src/index'
import { probeTool, sized } from './tool-probe'

function made(options: DetachableOptions & { isTerminal?: boolean; isReading?: boolean } = {}) {
  const clock = manualClock()
  const process = scriptedProcess(options)
  const kept = detachable(process, { ...options, scheduler: clock.scheduler })
  const asked = (): readonly string[] =>
    process.commands.map((command) =>
      command.type === 'process.signal' ? command.signal : command.type.replace('process.', ''),
    )
  return { clock, process, kept, asked, attach: () => probeTool(kept.attach()) }
}

const gone = { kind: 'unreported', reason: 'the client has gone' }

describe('a client that leaves', () => {
  it('has its port end, unreported, and the process is told nothing', () => {
    const { process, kept, attach, asked } = made()
    const client = attach()
    process.print('one')
    client.port.perform({ type: 'process.disconnect' })
    client.port.perform({ type: 'process.signal', signal: 'HUP' })
    process.print('two')
    expect(client.text()).toBe('one')
    expect(client.events).toContainEqual({ type: 'process.exited', outcome: gone })
    expect(client.isCompleted()).toBe(true)
    expect(kept.isAttached).toBe(false)
    expect(asked()).toEqual(['start'])
  })

  it('leaves also by closing its channel, as a session says it', async () => {
    const { kept, attach, asked } = made()
    const client = attach()
    client.port.perform({ type: 'process.closeInput' })
    client.port.perform({ type: 'process.closeOutput', output: 'stdout' })
    client.port.perform({ type: 'process.closeOutput', output: 'stderr' })
    await Promise.resolve()
    await Promise.resolve()
    expect(client.events).toContainEqual({ type: 'process.exited', outcome: gone })
    expect(kept.isAttached).toBe(false)
    expect(asked()).not.toContain('closeOutput')
  })

  it('leaves by closing stdout, for an ssh that is killed says that before it closes', () => {
    const { process, kept, attach, asked } = made()
    const client = attach()
    client.port.perform({ type: 'process.closeOutput', output: 'stdout' })
    expect(client.events).toContainEqual({ type: 'process.exited', outcome: gone })
    expect(kept.isAttached).toBe(false)
    process.print('kept')
    expect(attach().text()).toBe('kept')
    expect(asked()).toEqual(['start'])
  })

  it('stays where it closes stderr, which the next client sees', () => {
    const { process, kept, attach, asked } = made()
    const client = attach()
    client.port.perform({ type: 'process.closeOutput', output: 'stderr' })
    process.print('out')
    process.print('err', 'stderr')
    expect([client.text(), client.text('stderr')]).toEqual(['out', ''])
    expect(kept.isAttached).toBe(true)
    expect(attach().text('stderr')).toBe('err')
    expect(asked()).toEqual(['start'])
  })

  it('leaves by closing the last output that is open', () => {
    const { process, kept, attach } = made()
    const client = attach()
    process.emit({ type: 'process.outputEnded', output: 'stdout' })
    client.port.perform({ type: 'process.closeOutput', output: 'stderr' })
    expect(client.isCompleted()).toBe(true)
    expect(kept.isAttached).toBe(false)
  })

  it('does not leave by closing what has ended: it waits for the exit', async () => {
    const { process, attach } = made()
    const client = attach()
    process.endOutputs()
    client.port.perform({ type: 'process.closeInput' })
    client.port.perform({ type: 'process.closeOutput', output: 'stdout' })
    client.port.perform({ type: 'process.closeOutput', output: 'stderr' })
    await Promise.resolve()
    await Promise.resolve()
    process.exit(3)
    expect(client.events.at(-1)).toEqual({
      type: 'process.exited',
      outcome: { kind: 'exited', code: 3 },
    })
  })

  it('does not leave a process paused that it had paused', () => {
    const { attach, asked } = made()
    const client = attach()
    client.port.perform({ type: 'process.pauseOutput' })
    client.port.perform({ type: 'process.disconnect' })
    expect(asked()).toEqual(['start', 'pauseOutput', 'resumeOutput'])
  })
})

describe('a client that attaches', () => {
  it('is shown the output that is kept, of both outputs and in order, and what follows', () => {
    const { process, attach } = made()
    attach().port.perform({ type: 'process.disconnect' })
    process.print('out')
    process.print('err', 'stderr')
    const second = attach()
    process.print('more')
    expect(second.text()).toBe('outmore')
    expect(second.text('stderr')).toBe('err')
    expect(second.types()[0]).toBe('process.started')
  })

  it('is told how much is not kept any more', () => {
    const { process, attach } = made({ scrollbackBytes: 5 })
    attach().port.perform({ type: 'process.disconnect' })
    process.print('12345678')
    const second = attach()
    expect(second.text()).toBe('45678')
    expect(second.text('stderr')).toBe('[3 bytes of earlier output are not kept]\n')
  })

  it('sets the size of a terminal, and has the screen drawn anew', () => {
    const { process, kept, attach, asked } = made({ isTerminal: true })
    attach().port.perform({ type: 'process.disconnect' })
    const second = probeTool(kept.attach(), { isStarted: false })
    second.port.perform({ type: 'process.resize', size: sized(100, 30) })
    second.port.perform({ type: 'process.start' })
    expect(asked()).toEqual(['start', 'resize', 'WINCH'])
    expect(process.commands).toContainEqual({ type: 'process.resize', size: sized(100, 30) })
  })

  it('takes over from the one before, which is told, and ends unreported', () => {
    const { process, attach } = made()
    const first = attach()
    const second = attach()
    process.print('now')
    expect(first.text('stderr')).toBe('[another client has attached]\n')
    expect(first.events).toContainEqual({
      type: 'process.exited',
      outcome: { kind: 'unreported', reason: 'another client has attached' },
    })
    expect(first.isCompleted()).toBe(true)
    expect([first.text(), second.text()]).toEqual(['', 'now'])
  })

  it('makes the process wait for it alone', () => {
    const { attach, asked } = made()
    const first = attach()
    first.port.perform({ type: 'process.pauseOutput' })
    const second = attach()
    second.port.perform({ type: 'process.pauseOutput' })
    first.port.perform({ type: 'process.resumeOutput' })
    expect(asked()).toEqual(['start', 'pauseOutput', 'resumeOutput', 'pauseOutput'])
  })

  it('is credited its own input only', () => {
    const { process, attach } = made({ isReading: false })
    const first = attach()
    first.write('123')
    first.port.perform({ type: 'process.disconnect' })
    const second = attach()
    second.write('4567')
    process.emit({ type: 'process.inputWritten', byteCount: 5 })
    expect(second.events).toContainEqual({ type: 'process.inputWritten', byteCount: 2 })
    expect(first.types()).not.toContain('process.inputWritten')
  })

  it('is told the end of outputs, of the input, and the exit, that came before', async () => {
    const { process, kept, attach } = made()
    attach().port.perform({ type: 'process.disconnect' })
    process.print('last')
    process.emit({ type: 'process.inputClosed' })
    process.exit(3)
    process.endOutputs()
    for (const client of [attach(), attach()]) {
      expect(client.text()).toBe('last')
      expect(client.types()).toContain('process.inputClosed')
      expect(client.events).toContainEqual({
        type: 'process.exited',
        outcome: { kind: 'exited', code: 3 },
      })
      expect(client.isCompleted()).toBe(true)
    }
    expect(await kept.ended).toEqual({ kind: 'exited', code: 3 })
  })

  it('is told that the process did not start', () => {
    const { process, attach } = made({ isStartedAtOnce: false } as DetachableOptions)
    const first = attach()
    process.emit({ type: 'process.startFailed', failure: 'notFound', message: 'none' })
    const second = attach()
    for (const client of [first, second]) expect(client.types()).toEqual(['process.startFailed'])
  })

  it('may change the bytes that it gets', () => {
    const { process, attach } = made()
    const first = attach()
    first.port.event$.subscribe((event) => {
      if (event.type === 'process.output') event.bytes.fill(0)
    })
    process.print('kept')
    expect(attach().text()).toBe('kept')
  })
})

describe('the input of a process that is kept', () => {
  it('is closed for good by the EOF of a client', async () => {
    const { process, attach, asked } = made()
    const first = attach()
    first.write('1')
    first.port.perform({ type: 'process.closeInput' })
    await Promise.resolve()
    expect(asked()).toEqual(['start', 'write', 'closeInput'])
    const second = attach()
    second.write('23')
    expect(process.commands).toHaveLength(3)
    expect(second.events).toContainEqual({ type: 'process.inputWritten', byteCount: 2 })
    expect(second.types()).toContain('process.inputClosed')
  })

  it('stays open on a terminal', async () => {
    const { attach, asked } = made({ isTerminal: true })
    const first = attach()
    first.port.perform({ type: 'process.closeInput' })
    await Promise.resolve()
    attach().write('x')
    expect(asked()).toContain('write')
  })
})

describe('the owner of a process that is kept', () => {
  it('sends the client away, with a reason', () => {
    const { kept, attach, asked } = made()
    const client = attach()
    kept.detach('the server restarts its listener')
    expect(client.text('stderr')).toBe('[the server restarts its listener]\n')
    expect(client.isCompleted()).toBe(true)
    expect(asked()).toEqual(['start'])
  })

  it('ends it for good: TERM, KILL, disconnect, and at last nobody waits', async () => {
    const { clock, kept, attach, asked } = made()
    const client = attach()
    kept.end()
    clock.advance(5_000)
    clock.advance(1_000)
    clock.advance(1_000)
    expect(asked()).toEqual(['start', 'TERM', 'KILL', 'disconnect'])
    expect(client.isCompleted()).toBe(true)
    expect(await kept.ended).toMatchObject({ kind: 'unreported' })
    expect(attach().isCompleted()).toBe(true)
  })

  it('ends one that nobody has started', async () => {
    const { kept, attach, asked } = made()
    kept.end()
    expect(attach().types()).toEqual(['process.startFailed'])
    expect(asked()).toEqual([])
    expect(await kept.ended).toMatchObject({ kind: 'notStarted' })
  })

  it('ends one that starts only now', () => {
    const { process, kept, attach, asked } = made({ isStartedAtOnce: false } as DetachableOptions)
    attach()
    kept.end()
    process.emit({ type: 'process.started', outputs: ['stdout'], isTerminal: true })
    expect(asked()).toEqual(['start', 'TERM'])
  })

  it('has it ended that nobody attaches to for too long', () => {
    const { clock, attach, asked } = made({ maximumDetachedMs: 1_000 })
    const first = attach()
    clock.advance(10_000)
    first.port.perform({ type: 'process.disconnect' })
    clock.advance(999)
    const second = attach()
    clock.advance(10_000)
    expect(asked()).not.toContain('TERM')
    second.port.perform({ type: 'process.disconnect' })
    clock.advance(1_000)
    expect(asked()).toContain('TERM')
  })

  it('is told of a bound that is none', () => {
    expect(() => made({ scrollbackBytes: -1 })).toThrow(/scrollbackBytes is -1/)
  })
})
