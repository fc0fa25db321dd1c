import { describe, expect, it } from '@jest/globals'
import { config } from 'rxjs'
import { manualClock, scriptedProcess } from '@hawse/core/testing'
import { limit, type ProcessLimits } from '../src/index'
import { probeTool } from './tool-probe'

function limited(limits: ProcessLimits, { isTerminal = false } = {}) {
  const clock = manualClock()
  const process = scriptedProcess({ isTerminal })
  const probe = probeTool(limit(process, { ...limits, scheduler: clock.scheduler }))
  const asked = (): readonly string[] =>
    process.commands.map((command) =>
      command.type === 'process.signal' ? command.signal : command.type.replace('process.', ''),
    )
  return { clock, process, probe, asked }
}

describe('a limit on output', () => {
  it('passes exactly so many bytes, says which limit it was, and ends the process', () => {
    const { process, probe, asked } = limited({ maximumOutputBytes: 5 })
    process.print('123')
    process.print('456')
    process.print('789')
    expect(probe.text()).toBe('12345')
    expect(probe.text('stderr')).toBe('process ended: more than 5 bytes of output\n')
    expect(asked()).toEqual(['start', 'TERM'])
  })

  it('counts both outputs together, and is not passed by what is just so much', () => {
    const { process, asked } = limited({ maximumOutputBytes: 5 })
    process.print('123')
    process.print('45', 'stderr')
    expect(asked()).toEqual(['start'])
    process.print('6', 'stderr')
    expect(asked()).toEqual(['start', 'TERM'])
  })

  it('tells on a terminal as output, on a line of its own', () => {
    const { process, probe } = limited({ maximumOutputBytes: 1 }, { isTerminal: true })
    process.print('12')
    expect(probe.text()).toBe('1\r\nprocess ended: more than 1 bytes of output\r\n')
  })

  it('says nothing after the end of the outputs', () => {
    const { clock, process, probe } = limited({ maximumMs: 10 })
    process.endOutputs()
    clock.advance(10)
    expect(probe.types()).toEqual(['process.started', 'process.outputEnded', 'process.outputEnded'])
  })
})

describe('a limit on time', () => {
  it('ends a process that takes longer: TERM, KILL, disconnect, and at last its silence', () => {
    const { clock, probe, asked } = limited({ maximumMs: 60_000 })
    clock.advance(59_999)
    expect(asked()).toEqual(['start'])
    clock.advance(1)
    expect(probe.text('stderr')).toBe('process ended: longer than 60 s\n')
    clock.advance(5_000)
    clock.advance(1_000)
    expect(asked()).toEqual(['start', 'TERM', 'KILL', 'disconnect'])
    expect(probe.isCompleted()).toBe(false)
    clock.advance(1_000)
    expect(probe.types().slice(-3)).toEqual([
      'process.exited',
      'process.outputEnded',
      'process.outputEnded',
    ])
    expect(probe.isCompleted()).toBe(true)
  })

  it('frees outputs that somebody else holds after the exit', () => {
    const { clock, process, asked } = limited({ maximumMs: 60_000 })
    process.exit(0)
    clock.advance(61_000)
    expect(asked()).toEqual(['start', 'disconnect'])
  })

  it('leaves a process alone that ends in time', () => {
    const { clock, process, probe, asked } = limited({ maximumMs: 60_000, idleMs: 60_000 })
    process.exit(3)
    process.endOutputs()
    process.emit({ type: 'process.outputEnded', output: 'stdout' })
    clock.advance(600_000)
    expect(asked()).toEqual(['start'])
    expect(probe.events).toContainEqual({
      type: 'process.exited',
      outcome: { kind: 'exited', code: 3 },
    })
  })

  it('ends an idle process; bytes in either direction count', () => {
    const { clock, process, probe, asked } = limited({ idleMs: 1_000 })
    clock.advance(900)
    process.print('x')
    clock.advance(900)
    probe.write('x')
    clock.advance(999)
    expect(asked()).not.toContain('TERM')
    clock.advance(1)
    expect(asked()).toContain('TERM')
    expect(probe.text('stderr')).toBe('process ended: idle for 1 s\n')
  })

  it('does not call a process idle whose reader has paused it', () => {
    const { clock, probe, asked } = limited({ idleMs: 1_000 })
    probe.port.perform({ type: 'process.pauseOutput' })
    clock.advance(10_000)
    expect(asked()).not.toContain('TERM')
    probe.port.perform({ type: 'process.resumeOutput' })
    clock.advance(1_000)
    expect(asked()).toContain('TERM')
  })
})

describe('a pace', () => {
  it('pauses a process that is ahead, until what it said is due, and drops nothing', () => {
    const { clock, process, probe, asked } = limited({ outputBytesPerSecond: 10 })
    process.print('1234567890')
    expect(asked()).toEqual(['start'])
    process.print('12345')
    expect(asked()).toEqual(['start', 'pauseOutput'])
    clock.advance(499)
    expect(asked()).toEqual(['start', 'pauseOutput'])
    clock.advance(1)
    expect(asked()).toEqual(['start', 'pauseOutput', 'resumeOutput'])
    expect(probe.text()).toBe('123456789012345')
  })

  it('saves up no more than a second of silence', () => {
    const { clock, process, asked } = limited({ outputBytesPerSecond: 10 })
    clock.advance(60_000)
    process.print('12345678901')
    expect(asked()).toContain('pauseOutput')
  })

  it('keeps a process paused for as long as its reader or its pace says so', () => {
    const { clock, process, probe, asked } = limited({ outputBytesPerSecond: 10 })
    process.print('12345678901234567890')
    probe.port.perform({ type: 'process.pauseOutput' })
    clock.advance(10_000)
    expect(asked()).toEqual(['start', 'pauseOutput'])
    probe.port.perform({ type: 'process.resumeOutput' })
    expect(asked()).toEqual(['start', 'pauseOutput', 'resumeOutput'])
  })

  it('lets a process say its last that another limit ends', () => {
    const { clock, process, asked } = limited({ outputBytesPerSecond: 1, maximumMs: 1_000 })
    process.print('1234567890')
    clock.advance(1_000)
    expect(asked()).toEqual(['start', 'pauseOutput', 'resumeOutput', 'TERM'])
  })
})

describe('limits', () => {
  it.each([
    [{ maximumOutputBytes: -1 }, /maximumOutputBytes is -1/],
    [{ idleMs: NaN }, /idleMs is NaN/],
    [{ outputBytesPerSecond: 0 }, /outputBytesPerSecond is 0/],
  ])('refuse what is none: %j', (limits, message) => {
    expect(() => limit(scriptedProcess(), limits)).toThrow(message)
  })

  it('tell which of them it was, once', () => {
    const reasons: string[] = []
    const { clock, process } = limited({
      maximumOutputBytes: 1,
      maximumMs: 10,
      onLimit: (reason) => reasons.push(reason),
    })
    process.print('12')
    clock.advance(100)
    expect(reasons).toEqual(['more than 1 bytes of output'])
  })

  it('end the process also where who is told throws, and nothing of it gets out', async () => {
    const escaped: unknown[] = []
    config.onUnhandledError = (error) => escaped.push(error)
    const onLimit = (): never => {
      throw new Error('no log')
    }
    const { clock, asked } = limited({ maximumMs: 10, onLimit })
    clock.advance(10)
    // RxJS tells of what escaped in a turn of its own.
    await new Promise((resolve) => setTimeout(resolve))
    config.onUnhandledError = null
    expect(asked()).toEqual(['start', 'TERM'])
    expect(escaped).toEqual([])
  })
})
