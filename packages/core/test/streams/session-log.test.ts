import { describe, expect, it } from '@jest/globals'
import { unreported } from '../../src/ports/exit-outcome'
import { bridge } from '../../src/streams/bridge'
import { sessionLog, type SessionLogEntry } from '../../src/streams/session-log'
import { memoryChannelPair } from '../../src/testing/memory-channel'
import { scriptedProcess } from '../../src/testing/scripted-process'
import { refuse } from '../../src/streams/session-handlers'
import {
  runningBench,
  settled,
  testBench,
  type TestBench,
  type TestBenchOptions,
} from './test-bench'
import { envRequest, ptyRequest, resizeRequest } from './test-client'

/** A bench and what the log of its session says. */
function loggedBench(options: TestBenchOptions = {}) {
  const bench = testBench(options)
  return { ...bench, ...logOf(bench) }
}

function logOf({ session }: Pick<TestBench, 'session'>) {
  const entries: SessionLogEntry[] = []
  const seen = { isComplete: false }
  sessionLog(session).subscribe({
    next: (entry) => entries.push(entry),
    complete: () => (seen.isComplete = true),
  })
  return { entries, seen }
}

const secret = 'hunter2'

describe('the log of a session', () => {
  it('tells of requests, start, signals and end, in order, and completes', async () => {
    const bench = loggedBench({ process: { isTerminal: true } })
    bench.client.request(ptyRequest())
    bench.client.request(envRequest('LANG', 'C'), false)
    bench.client.request(envRequest('LD_PRELOAD', '/x'), false)
    bench.client.request({ name: 'shell' })
    bench.client.request(resizeRequest(1, 1), false)
    bench.client.request({ name: 'signal', signal: 'INT' }, false)
    bench.client.request({ name: 'signal', signal: 'NONE' }, false)
    bench.client.request({ name: 'shell' })
    bench.process.exit(3)
    bench.process.endOutputs()
    await settled()
    expect(bench.entries).toEqual([
      { type: 'requested', request: 'pty-req', isGranted: true },
      { type: 'requested', request: 'env', isGranted: true },
      { type: 'requested', request: 'env', isGranted: false },
      { type: 'started', program: 'shell', hasTerminal: true },
      { type: 'requested', request: 'shell', isGranted: true },
      { type: 'requested', request: 'window-change', isGranted: true },
      { type: 'requested', request: 'signal', isGranted: true },
      { type: 'signaled', signal: 'INT', isByClient: true },
      { type: 'requested', request: 'signal', isGranted: false },
      { type: 'requested', request: 'shell', isGranted: false },
      expect.objectContaining({
        type: 'ended',
        endedBy: 'process',
        exit: { kind: 'exited', code: 3 },
      }),
    ])
    expect(bench.seen.isComplete).toBe(true)
  })

  it('tells of warnings, and of the signals of the server', async () => {
    const bench = loggedBench()
    bench.client.exec('cat')
    bench.session.warn('soon')
    void bench.session.close()
    bench.process.exit('HUP')
    bench.process.endOutputs()
    bench.session.warn('too late')
    await settled()
    expect(bench.entries.slice(2)).toEqual([
      { type: 'warned', message: 'soon' },
      { type: 'signaled', signal: 'HUP', isByClient: false },
      expect.objectContaining({
        endedBy: 'policy',
        exit: { kind: 'signaled', signal: 'HUP', hasCoreDumped: false },
      }),
    ])
  })

  it.each([true, false])(
    'tells whose a signal was that came before the start (by the client: %p)',
    (isByClient) => {
      const bench = loggedBench({
        process: { isStartedAtOnce: false },
        session: { onDisconnect: 'hangUp' },
      })
      bench.client.exec('cat')
      if (isByClient) bench.client.request({ name: 'signal', signal: 'HUP' }, false)
      else bench.client.close()
      bench.process.emit({ type: 'process.started', outputs: ['stdout'], isTerminal: false })
      const ownership = bench.entries.flatMap((entry) =>
        entry.type === 'signaled' ? [entry.isByClient] : [],
      )
      expect(new Set(ownership)).toEqual(new Set([isByClient]))
    },
  )

  it('tells that a program was refused, and that none was started', async () => {
    const bench = loggedBench({ handlers: { exec: () => refuse('no') } })
    bench.client.exec('cat')
    bench.client.close()
    await settled()
    expect(bench.entries).toEqual([
      { type: 'requested', request: 'exec', isGranted: false },
      expect.objectContaining({ type: 'ended', endedBy: 'policy', exit: null }),
    ])
  })

  it('tells those who come later of a program that runs already', () => {
    const { entries } = logOf(runningBench())
    expect(entries).toEqual([{ type: 'started', program: 'exec', hasTerminal: false }])
  })

  it('tells of a process that was bound without a request', async () => {
    const process = scriptedProcess()
    const { entries } = logOf({ session: bridge(memoryChannelPair().server, () => process) })
    await settled()
    expect(entries).toEqual([{ type: 'started', program: 'bound', hasTerminal: false }])
  })

  it('tells that an exit was not reported, without the reason', async () => {
    const bench = loggedBench()
    bench.client.exec('cat')
    bench.process.emit({ type: 'process.exited', outcome: unreported(secret) })
    bench.process.endOutputs()
    await settled()
    expect(bench.entries.at(-1)).toMatchObject({ type: 'ended', exit: { kind: 'unreported' } })
  })

  it('is JSON, and holds nothing that the client named, typed or was sent', async () => {
    const bench = loggedBench({
      handlers: { exec: () => bench.process, subsystem: {} },
      process: { isStartedAtOnce: false },
    })
    bench.client.request({ name: 'pty-req', terminal: { ...terminal, term: secret } })
    bench.client.request(envRequest('LANG', secret))
    bench.client.request({ name: 'subsystem', subsystem: secret })
    bench.client.request({ name: 'unknown', requestType: secret, data: new Uint8Array(0) })
    bench.client.send(secret)
    bench.client.exec(secret)
    bench.process.emit({ type: 'process.startFailed', failure: 'notFound', message: secret })
    await bench.session.outcome
    const text = JSON.stringify(bench.entries)
    expect(JSON.parse(text)).toEqual(bench.entries)
    expect(text).not.toContain(secret)
    expect((await bench.session.outcome).reason).toContain(secret)
    expect(bench.entries.at(-1)).toMatchObject({ endedBy: 'failed', exit: { code: 127 } })
  })

  it('can be left', () => {
    const bench = testBench()
    const entries: SessionLogEntry[] = []
    const subscription = sessionLog(bench.session).subscribe((entry) => entries.push(entry))
    subscription.unsubscribe()
    bench.client.exec('cat')
    expect(entries).toEqual([])
  })
})

const terminal = {
  size: { columns: 80, rows: 24, widthPixels: 0, heightPixels: 0 },
  modes: new Map<number, number>(),
}
