import { describe, expect, it } from '@jest/globals'
import { sessionGroup } from '../../src/streams/session-group'
import { manualClock } from '../../src/testing/manual-clock'
import { ptyRequest } from './test-client'
import {
  runningBench,
  settled,
  testBench,
  type TestBench,
  type TestBenchOptions,
} from './test-bench'

/** A group, its clock, and a way to put sessions that run into it. */
function testGroup() {
  const clock = manualClock()
  const { scheduler } = clock
  const group = sessionGroup({ scheduler })
  const add = (make: (options: TestBenchOptions) => TestBench): TestBench => {
    const delays = { terminateDelayMs: 1_000, killDelayMs: 1_000 }
    const bench = make({ session: { scheduler, ...delays } })
    group.add(bench.session)
    return bench
  }
  return { clock, group, add, run: () => add(runningBench) }
}

function finish(bench: TestBench, codeOrSignal: number | string): Promise<void> {
  bench.process.exit(codeOrSignal)
  bench.process.endOutputs()
  return settled()
}

const nothing = { endedByThemselves: 0, hungUp: 0, terminated: 0, killed: 0, refused: 0, left: 0 }

describe('row 27: closing a group of sessions', () => {
  it('keeps sessions until they have ended', async () => {
    const { group, run } = testGroup()
    const [first] = [run(), run()]
    expect(group.size).toBe(2)
    await finish(first, 0)
    expect([group.size, group.isClosing]).toEqual([1, false])
  })

  it('of nobody reports at once, and leaves no timer', async () => {
    const { clock, group } = testGroup()
    expect(await group.close({ graceMs: 60_000, limitMs: 1_000 })).toEqual(nothing)
    clock.advance(100_000)
    expect(group.isClosing).toBe(true)
  })

  it('without grace hangs up at once, and tells why', async () => {
    const { group, run } = testGroup()
    const bench = run()
    const closed = group.close()
    expect(bench.asked()).toEqual(['start', 'signal HUP'])
    expect(bench.client.stderr()).toBe('this server is shutting down\n')
    await finish(bench, 'HUP')
    expect(await closed).toEqual({ ...nothing, hungUp: 1 })
  })

  it('warns, waits, and then hangs up, terminates and kills, and counts each', async () => {
    const { clock, group, run } = testGroup()
    const [quick, polite, slow, stubborn] = [run(), run(), run(), run()]
    const closed = group.close({ graceMs: 30_000, reason: 'down for repair' })
    const warning = 'down for repair; this session ends in 30 s\n'
    expect(slow.client.stderr()).toBe(warning)
    await finish(quick, 0)
    clock.advance(29_999)
    expect(polite.asked()).toEqual(['start'])
    clock.advance(1)
    expect(polite.asked()).toEqual(['start', 'signal HUP'])
    expect(polite.client.stderr()).toBe(`${warning}down for repair\n`)
    await finish(polite, 'HUP')
    clock.advance(1_000)
    await finish(slow, 'TERM')
    clock.advance(1_000)
    expect(stubborn.asked()).toEqual(['start', 'signal HUP', 'signal TERM', 'signal KILL'])
    await finish(stubborn, 'KILL')
    expect(await closed).toEqual({
      ...nothing,
      endedByThemselves: 1,
      hungUp: 1,
      terminated: 1,
      killed: 1,
    })
  })

  it('warns a terminal in a line of its own', () => {
    const { group, add } = testGroup()
    const bench = add((options) => testBench({ ...options, process: { isTerminal: true } }))
    bench.client.request(ptyRequest())
    bench.client.exec('vi')
    void group.close({ graceMs: 1_500 })
    expect(bench.client.stderr()).toBe(
      'this server is shutting down; this session ends in 1.5 s\r\n',
    )
  })

  it('does not count signals that the client sent as its own', async () => {
    const { group, run } = testGroup()
    const bench = run()
    const closed = group.close()
    bench.client.request({ name: 'signal', signal: 'KILL' }, false)
    expect(bench.asked()).toContain('signal KILL')
    await finish(bench, 'KILL')
    expect(await closed).toEqual({ ...nothing, hungUp: 1 })
  })

  it('refuses a session that comes later, tells it why, and waits for its end', async () => {
    const { group, run, add } = testGroup()
    const bench = run()
    const closed = group.close({ graceMs: 30_000, reason: 'no more' })
    const late = add(testBench)
    expect(late.client.stderr()).toBe('no more\n')
    expect(await late.session.outcome).toMatchObject({ endedBy: 'policy', exit: null })
    await finish(bench, 0)
    expect(await closed).toEqual({ ...nothing, endedByThemselves: 1, refused: 1 })
  })

  it('ends a session that has asked for no program', async () => {
    const { group, add } = testGroup()
    add(testBench)
    expect(await group.close()).toEqual({ ...nothing, hungUp: 1 })
  })

  it('closed again with less grace, hangs up sooner; with more, nothing changes', async () => {
    const { clock, group, run } = testGroup()
    const bench = run()
    const closed = group.close({ graceMs: 30_000 })
    const longer = group.close({ graceMs: 60_000, reason: 'never said' })
    const sooner = group.close({ graceMs: 10_000 })
    clock.advance(10_000)
    expect(bench.asked()).toEqual(['start', 'signal HUP'])
    clock.advance(50_000)
    const last = group.close()
    expect(bench.asked()).toEqual(['start', 'signal HUP', 'signal TERM', 'signal KILL'])
    await finish(bench, 'KILL')
    const report = { ...nothing, killed: 1 }
    expect(await Promise.all([closed, longer, sooner, last])).toEqual(Array(4).fill(report))
    expect(bench.client.stderr()).not.toContain('never said')
  })

  it('reports at its limit what does not end', async () => {
    const { clock, group, run } = testGroup()
    const [bench] = [run(), run()]
    const closed = group.close({ graceMs: 5_000, limitMs: 4_000 })
    clock.advance(5_000)
    await finish(bench, 0)
    clock.advance(4_000)
    expect(await closed).toEqual({ ...nothing, hungUp: 1, left: 1 })
    expect(group.size).toBe(1)
  })

  it('leaving its scope closes it', async () => {
    const { group, run } = testGroup()
    const bench = run()
    const left = group[Symbol.asyncDispose]()
    await finish(bench, 'HUP')
    await left
    expect(group.isClosing).toBe(true)
  })

  it.each([{ graceMs: -1 }, { graceMs: Number.NaN }, { limitMs: Number.POSITIVE_INFINITY }])(
    'refuses times that cannot be waited for: %p',
    async (times) => {
      const { group } = testGroup()
      await expect(group.close(times)).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' })
      expect(group.isClosing).toBe(false)
    },
  )

  it('waits in real time where it is given no clock', async () => {
    const group = sessionGroup()
    const bench = runningBench()
    group.add(bench.session)
    expect(await group.close({ graceMs: 1, limitMs: 1 })).toEqual({ ...nothing, left: 1 })
    expect(bench.asked()).toEqual(['start', 'signal HUP'])
  })
})
