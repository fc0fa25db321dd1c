import { describe, expect, it } from '@jest/globals'
import { runSession } from '../../src/streams/run-session'
import { manualClock } from '../../src/testing/manual-clock'
import { memoryChannelPair } from '../../src/testing/memory-channel'
import { SessionProcessProtocol } from '../../src/protocol/session-process-protocol'
import { scriptedProcess } from '../../src/testing/scripted-process'
import { runningBench, testBench } from './test-bench'
import { testClient } from './test-client'

describe('row 27: time limits', () => {
  it('ends an idle session: hang up, terminate, kill, and the report', async () => {
    const bench = runningBench({ session: { timeLimits: { idleMs: 10_000 } } })
    bench.clock.advance(9_999)
    expect(bench.asked()).toEqual(['start'])
    bench.clock.advance(1)
    expect(bench.asked()).toEqual(['start', 'signal HUP'])
    bench.clock.advance(5_000)
    bench.clock.advance(5_000)
    expect(bench.asked()).toEqual(['start', 'signal HUP', 'signal TERM', 'signal KILL'])
    bench.process.exit('KILL')
    bench.process.endOutputs()
    expect(bench.client.stderr()).toBe('session ended: idle for 10 s\n')
    expect(bench.client.requests).toMatchObject([{ name: 'exit-signal', signal: 'KILL' }])
    expect(await bench.session.outcome).toMatchObject({
      endedBy: 'timeout',
      reason: 'session ended: idle for 10 s',
    })
  })

  it.each([
    ['input', ({ client }: ReturnType<typeof runningBench>) => client.send('x')],
    ['output', ({ process }: ReturnType<typeof runningBench>) => process.print('x')],
  ])('counts from the last byte of %s', (_, act) => {
    const bench = runningBench({ session: { timeLimits: { idleMs: 10_000 } } })
    bench.clock.advance(9_000)
    act(bench)
    bench.clock.advance(9_999)
    expect(bench.asked()).not.toContain('signal HUP')
    bench.clock.advance(1)
    expect(bench.asked()).toContain('signal HUP')
  })

  it('warns before the maximum length, and ends at it', () => {
    const bench = runningBench({
      session: { timeLimits: { maximumMs: 60_000, warningMs: 15_000 } },
    })
    bench.clock.advance(44_999)
    expect(bench.client.stderr()).toBe('')
    bench.clock.advance(1)
    expect(bench.client.stderr()).toBe('session ends in 15 s\n')
    bench.clock.advance(15_000)
    expect(bench.asked()).toEqual(['start', 'signal HUP'])
    expect(bench.client.stderr()).toContain('session ended: it reached its limit of 60 s')
  })

  it('does not warn where the warning would come before the beginning', () => {
    const bench = runningBench({ session: { timeLimits: { maximumMs: 5, warningMs: 5 } } })
    bench.clock.advance(4)
    expect(bench.client.stderr()).toBe('')
  })

  it('ends a client that asks for nothing', async () => {
    const bench = testBench({ session: { timeLimits: { maximumMs: 1_000 } } })
    bench.clock.advance(1_000)
    expect(bench.client.stderr()).toBe('session ended: it reached its limit of 1 s\n')
    expect(await bench.session.outcome).toMatchObject({ endedBy: 'timeout', exit: null })
  })

  it('leaves no timer behind', async () => {
    const bench = runningBench({
      session: { timeLimits: { idleMs: 1_000, maximumMs: 2_000, warningMs: 500 } },
    })
    bench.process.exit(0)
    bench.process.endOutputs()
    await bench.session.outcome
    const steps = bench.trace.lines.length
    bench.clock.advance(10_000)
    expect(bench.trace.lines).toHaveLength(steps)
  })

  it('a grandchild that holds an output does not keep an ended session open', async () => {
    const bench = runningBench({ session: { timeLimits: { idleMs: 1_000 }, killDelayMs: 3_000 } })
    bench.clock.advance(1_000)
    bench.process.exit('HUP')
    bench.clock.advance(3_000)
    expect(await bench.session.outcome).toMatchObject({
      endedBy: 'timeout',
      isOutputTruncated: true,
    })
  })
})

describe('row 27: a client that reads nothing', () => {
  const stalled = {
    transport: { parameters: { remoteWindowBytes: 3 } },
    client: { isReading: false },
    session: { timeLimits: { idleMs: 60_000 }, terminateDelayMs: 1_000, killDelayMs: 2_000 },
  }

  it('does not keep a session open that was idle, was killed and was reported', async () => {
    const bench = runningBench(stalled)
    bench.process.print('abcdef')
    bench.clock.advance(60_000)
    bench.process.exit('HUP')
    bench.process.endOutputs()
    expect(bench.sent().at(-1)).toBe('request exit-signal')
    bench.clock.advance(1_999)
    expect(bench.sent().at(-1)).toBe('request exit-signal')
    bench.clock.advance(1)
    expect(bench.sent().at(-1)).toBe('close')
    expect(await bench.session.outcome).toMatchObject({
      endedBy: 'timeout',
      traffic: { droppedOutputBytes: 3 + 'session ended: idle for 60 s\n'.length },
    })
  })

  it('does not keep a session open whose owner closed it before a program', async () => {
    const bench = testBench(stalled)
    const closed = bench.session.close('down')
    bench.clock.advance(2_000)
    expect(await closed).toMatchObject({ endedBy: 'policy', traffic: { droppedOutputBytes: 2 } })
  })

  it('does not keep a session open whose owner closed it while output drained', async () => {
    const bench = runningBench(stalled)
    bench.process.print('abcdef')
    bench.process.exit(0)
    const closed = bench.session.close()
    bench.clock.advance(2_000)
    expect((await closed).traffic.droppedOutputBytes).toBe(3)
  })

  it.each(['before', 'after'])(
    'does not keep a session open that was given up, and closed %s its process ended',
    async (order) => {
      const pair = memoryChannelPair(stalled.transport)
      const clock = manualClock()
      const seed = new SessionProcessProtocol(pair.server, {
        ...stalled.session,
        scheduler: clock.scheduler,
      })
      testClient(pair.client, stalled.client)
      const process = scriptedProcess()
      seed.makeConnection(process)
      seed.write(new Uint8Array(9))
      seed.loseConnection()
      clock.advance(60_000)
      if (order === 'after') process.exit(0)
      clock.advance(2_000)
      if (order === 'before') process.exit(0)
      expect((await seed.outcome).traffic.droppedOutputBytes).toBe(6)
    },
  )

  it('is waited for as long as it takes where nobody ended the session', () => {
    const bench = runningBench({ ...stalled, session: {} })
    bench.process.print('abcdef')
    bench.process.exit(0)
    bench.process.endOutputs()
    bench.clock.advance(3_600_000)
    bench.client.setReading(true)
    expect(bench.client.stdout()).toBe('abcdef')
  })
})

describe('row 27: the owner ends a session', () => {
  it('close() shows the reason, hangs the process up, and resolves with the outcome', async () => {
    const bench = runningBench()
    const closed = bench.session.close('server is going down')
    expect(bench.client.stderr()).toBe('server is going down\n')
    bench.process.exit('HUP')
    bench.process.endOutputs()
    expect(await closed).toMatchObject({ endedBy: 'policy', reason: 'server is going down' })
    expect(await bench.session.close()).toBe(await closed)
  })

  it('close() before a program closes at once', async () => {
    const bench = testBench()
    expect(await bench.session.close()).toMatchObject({ endedBy: 'policy', exit: null })
    expect(bench.sent()).toEqual(['extendedData 29', 'close'])
  })

  it('close() during the drain of output cuts it', async () => {
    const bench = runningBench()
    bench.process.exit(3)
    expect(await bench.session.close()).toMatchObject({
      endedBy: 'process',
      exit: { kind: 'exited', code: 3 },
      isOutputTruncated: true,
    })
  })

  it('close() while CLOSE waits behind output that nobody reads drops that output', async () => {
    const bench = runningBench({
      transport: { parameters: { remoteWindowBytes: 3 } },
      client: { isReading: false },
    })
    bench.process.print('abcdef')
    bench.process.exit(0)
    bench.process.endOutputs()
    expect((await bench.session.close()).traffic.droppedOutputBytes).toBe(3)
  })

  it('leaving its scope ends it', async () => {
    const bench = runningBench()
    const left = bench.session[Symbol.asyncDispose]()
    bench.process.exit('HUP')
    bench.process.endOutputs()
    await left
    expect((await bench.session.outcome).endedBy).toBe('policy')
  })

  it('an AbortSignal ends it, and is not listened to afterwards', async () => {
    const controller = new AbortController()
    const bench = runningBench({ session: { signal: controller.signal } })
    controller.abort(new Error('restart'))
    expect(bench.asked()).toEqual(['start', 'signal HUP'])
    bench.process.exit('HUP')
    bench.process.endOutputs()
    expect(await bench.session.outcome).toMatchObject({
      endedBy: 'policy',
      reason: 'session aborted: restart',
    })
  })

  it('an AbortSignal that was aborted before refuses the session', async () => {
    const bench = testBench({ session: { signal: AbortSignal.abort('closed') } })
    expect((await bench.session.outcome).reason).toBe('session aborted: closed')
    expect(bench.client.has('channel.closed')).toBe(true)
  })

  it('outcome$ and state$ complete with the session', async () => {
    const bench = runningBench()
    const seen: string[] = []
    bench.session.outcome$.subscribe({ complete: () => seen.push('outcome') })
    bench.session.state$.subscribe({
      next: ({ phase }) => seen.push(phase),
      complete: () => seen.push('complete'),
    })
    bench.process.exit(0)
    bench.process.endOutputs()
    const outcome = await bench.session.outcome
    await Promise.resolve()
    expect(outcome.endedBy).toBe('process')
    expect(seen.slice(0, 2)).toEqual(['running', 'draining'])
    expect(seen).toContain('outcome')
    expect(seen.at(seen.indexOf('complete') - 1)).toBe('ended')
  })

  it.each([
    [{ terminateDelayMs: -1 }, 'terminateDelayMs'],
    [{ killDelayMs: Number.NaN }, 'killDelayMs'],
    [{ drainTimeoutMs: Number.POSITIVE_INFINITY }, 'drainTimeoutMs'],
    [{ outputLowWaterMarkBytes: 10, outputHighWaterMarkBytes: 10 }, 'outputLowWaterMarkBytes'],
    [{ outputLowWaterMarkBytes: -1 }, 'outputLowWaterMarkBytes'],
  ])('options that cannot work are refused at once: %p', (options, name) => {
    const run = () => runSession(memoryChannelPair().server, {}, options)
    expect(run).toThrow(expect.objectContaining({ code: 'INVALID_ARGUMENT' }))
    expect(run).toThrow(name)
  })

  it('a manual clock stands still until it is told to move', () => {
    const clock = manualClock()
    clock.advance(5)
    expect(clock.scheduler.now()).toBe(5)
  })
})
