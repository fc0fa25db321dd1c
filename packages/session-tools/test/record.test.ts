import { describe, expect, it } from '@jest/globals'
import { Subject } from 'rxjs'
import type { ByteSink, ProcessEvent, ProcessPort, TerminalRequest } from '@hawse/core'
import { manualClock, scriptedProcess } from '@hawse/core/testing'
import { record, type RecordOptions } from '../src/index'
import { sized } from './tool-probe'

type CastEvent = readonly [number, string, string]

const pty: TerminalRequest = { term: 'xterm', size: sized(132, 43), modes: new Map() }

/** A sink that keeps its text, and takes a write only when it is told to where `isSlow`. */
function keepingSink({ isSlow = false } = {}) {
  const lines: string[] = []
  const waiting: (() => void)[] = []
  let isEnded = false
  const sink: ByteSink = {
    write: (bytes) => {
      lines.push(Buffer.from(bytes).toString())
      return isSlow ? new Promise((resolve) => waiting.push(resolve)) : undefined
    },
    end: () => void (isEnded = true),
    abort: () => undefined,
  }
  const values = (): unknown[] => lines.map((line) => JSON.parse(line) as unknown)
  return {
    sink,
    header: () => values()[0],
    events: () => values().slice(1) as CastEvent[],
    said: () => (values().slice(1) as CastEvent[]).map((event) => event.slice(1)),
    isEnded: () => isEnded,
    takeAll: async () => {
      for (let take = waiting.shift(); take !== undefined; take = waiting.shift()) {
        take()
        await new Promise(setImmediate)
      }
    },
  }
}

function start(port: ProcessPort): void {
  port.event$.subscribe()
  port.perform({ type: 'process.start' })
}

function recording(
  options: Partial<RecordOptions> = {},
  { isTerminal = true, isSlow = false } = {},
) {
  const kept = keepingSink({ isSlow })
  const process = scriptedProcess({ isTerminal })
  const clock = manualClock()
  const errors: unknown[] = []
  const port = record(process, {
    to: kept.sink,
    onError: (error) => errors.push(error),
    scheduler: clock.scheduler,
    ...(isTerminal && { pty }),
    ...options,
  })
  return { ...kept, process, clock, port, errors }
}

describe('record', () => {
  it('begins with a header that has size, time, terminal, shell, title and command', () => {
    const { port, clock, header } = recording({ shell: '/bin/sh', title: 'a', command: 'vi' })
    clock.advance(5_500)
    start(port)
    expect(header()).toEqual({
      version: 2,
      width: 132,
      height: 43,
      timestamp: 5,
      title: 'a',
      command: 'vi',
      env: { TERM: 'xterm', SHELL: '/bin/sh' },
    })
  })

  it('has the size that was given before the start', () => {
    const { port, header } = recording()
    port.perform({ type: 'process.resize', size: sized(100, 0) })
    start(port)
    expect(header()).toMatchObject({ width: 100, height: 43 })
  })

  it('has output with its time, resizes, and the outcome as a marker, and ends the sink', async () => {
    const { port, process, clock, events, isEnded } = recording()
    start(port)
    clock.advance(250)
    process.print('hi')
    clock.advance(1_000)
    port.perform({ type: 'process.resize', size: sized(90, 20) })
    port.perform({ type: 'process.resize', size: sized(90, 20) })
    process.exit('TERM')
    expect(isEnded()).toBe(false)
    process.endOutputs()
    expect(events()).toEqual([
      [0.25, 'o', 'hi'],
      [1.25, 'r', '90x20'],
      [1.25, 'm', 'was killed by SIGTERM'],
    ])
    expect(await port.recorded).toEqual({ isComplete: true, droppedBytes: 0 })
    expect(isEnded()).toBe(true)
  })

  it('keeps characters whole that come in pieces, each output by itself, and replaces what is not UTF-8', () => {
    const { port, process, said } = recording({}, { isTerminal: false })
    start(port)
    const [first, ...rest] = Buffer.from('ü')
    const emit = (output: 'stdout' | 'stderr', ...bytes: number[]): void =>
      process.emit({ type: 'process.output', output, bytes: Uint8Array.from(bytes) })
    emit('stdout', first!)
    emit('stderr', 0x61, 0xff)
    emit('stdout', ...rest)
    emit('stdout', 0xe2, 0x82)
    process.endOutputs('stdout')
    expect(said()).toEqual([
      ['o', 'a\uFFFD'],
      ['o', 'ü'],
      ['o', '\uFFFD'],
    ])
  })

  it('makes CR LF of LF where there is no terminal, on a screen of 80x24', () => {
    const { port, process, said, header } = recording({}, { isTerminal: false })
    start(port)
    port.perform({ type: 'process.resize', size: sized(90, 20) })
    process.print('a\nb\r\n')
    expect(header()).toMatchObject({ width: 80, height: 24, env: {} })
    expect(said()).toEqual([['o', 'a\r\nb\r\n']])
  })

  it('leaves output of a terminal as it is', () => {
    const { port, process, said } = recording()
    start(port)
    process.print('a\nb')
    expect(said()).toEqual([['o', 'a\nb']])
  })

  it('has no input, unless asked for', () => {
    const silent = recording()
    const asked = recording({ isInputRecorded: true })
    for (const { port } of [silent, asked]) {
      start(port)
      port.perform({ type: 'process.write', bytes: Buffer.from('secret\n') })
    }
    expect(silent.said()).toEqual([])
    expect(asked.said()).toEqual([['i', 'secret\n']])
  })

  it('says that a program did not start', async () => {
    const kept = keepingSink()
    const process = scriptedProcess({ isStartedAtOnce: false })
    const port = record(process, { to: kept.sink, onError: () => undefined })
    start(port)
    process.emit({ type: 'process.startFailed', failure: 'notFound', message: 'no such thing' })
    await port.recorded
    expect(kept.said()).toEqual([['m', 'did not start: no such thing']])
  })

  it('drops what a slow sink has no room for, says how much before it goes on, and tells the last size', async () => {
    const { port, process, said, takeAll } = recording(
      { maximumWaitingBytes: 300 },
      { isSlow: true },
    )
    start(port)
    await takeAll()
    process.print('kept')
    process.print('x'.repeat(1_000))
    process.print('y'.repeat(500))
    port.perform({ type: 'process.resize', size: sized(90, 20) })
    await takeAll()
    process.print('after')
    process.exit(0)
    process.endOutputs()
    await takeAll()
    expect(said()).toEqual([
      ['o', 'kept'],
      ['m', '1500 bytes are missing: the recording was too slow'],
      ['r', '90x20'],
      ['o', 'after'],
      ['m', 'exited with 0'],
    ])
    expect(await port.recorded).toEqual({ isComplete: false, droppedBytes: 1_500 })
  })

  it('says at the end what is missing, however much waits', async () => {
    const { port, process, said, takeAll } = recording(
      { maximumWaitingBytes: 300 },
      { isSlow: true },
    )
    start(port)
    process.print('x'.repeat(1_000))
    process.exit(0)
    process.endOutputs()
    await takeAll()
    expect(said().slice(-2)).toEqual([
      ['m', '1000 bytes are missing: the recording was too slow'],
      ['m', 'exited with 0'],
    ])
  })

  it('lets the session run on when its sink fails, and tells that once', async () => {
    const failing: ByteSink = {
      write: () => Promise.reject(new Error('disk full')),
      end: () => Promise.reject(new Error('disk full')),
      abort: () => undefined,
    }
    const { port, process, errors } = recording({ to: failing })
    const outputs: string[] = []
    port.event$.subscribe((event) => {
      if (event.type === 'process.output') outputs.push(Buffer.from(event.bytes).toString())
    })
    port.perform({ type: 'process.start' })
    process.print('one')
    await new Promise(setImmediate)
    process.print('two')
    process.exit(0)
    process.endOutputs()
    expect(await port.recorded).toEqual({ isComplete: false, droppedBytes: 0 })
    expect(outputs).toEqual(['one', 'two'])
    expect(errors).toEqual([new Error('disk full')])
  })

  it('lets the session run on where who is told throws, and the sink throws once more', async () => {
    const thrown = (): never => {
      throw new Error('disk full')
    }
    const failing: ByteSink = { write: thrown, end: thrown, abort: thrown }
    const { port, process } = recording({ to: failing, onError: thrown })
    start(port)
    process.print('one')
    process.exit(0)
    process.endOutputs()
    expect(await port.recorded).toMatchObject({ isComplete: false })
  })

  it('never runs backwards, though the clock is set back', () => {
    const clock = manualClock()
    let shiftMs = 0
    const scheduler = {
      now: () => clock.scheduler.now() + shiftMs,
      schedule: clock.scheduler.schedule.bind(clock.scheduler),
    }
    const { port, process, events } = recording({ scheduler })
    start(port)
    clock.advance(2_000)
    process.print('a')
    shiftMs = -60_000
    process.print('b')
    expect(events().map(([seconds]) => seconds)).toEqual([2, 2])
  })

  it('tells the end that is owed where the port that is recorded fails', async () => {
    const kept = keepingSink()
    const facts = new Subject<ProcessEvent>()
    const broken: ProcessPort = { event$: facts, perform: () => undefined }
    const port = record(broken, { to: kept.sink, onError: () => undefined })
    const types: string[] = []
    port.event$.subscribe(({ type }) => void types.push(type))
    port.perform({ type: 'process.start' })
    facts.next({ type: 'process.started', outputs: ['stdout'], isTerminal: true })
    facts.error(new Error('broken'))
    await port.recorded
    expect(types).toEqual(['process.started', 'process.exited', 'process.outputEnded'])
    expect(kept.said().at(-1)).toEqual(['m', expect.stringContaining('broken')])
  })

  it('refuses a bound that is none', () => {
    expect(() => recording({ maximumWaitingBytes: NaN })).toThrow(/maximumWaitingBytes is NaN/)
  })
})
