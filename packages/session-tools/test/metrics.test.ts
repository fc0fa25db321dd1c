import { describe, expect, it } from '@jest/globals'
import { runSession, type SessionHandlers } from '@hawse/core'
import { manualClock, memoryChannelPair, scriptedProcess } from '@hawse/core/testing'
import { metricsRegistry, sessionMeter } from '../src/index'
import { probeTool } from './tool-probe'

function metered(options: { readonly isReading?: boolean } = {}) {
  const clock = manualClock()
  const process = scriptedProcess(options)
  const meter = sessionMeter({ scheduler: clock.scheduler })
  const probe = probeTool(meter.process(process))
  return { clock, process, meter, probe }
}

describe('the meter of a session', () => {
  it('counts the bytes of each stream', () => {
    const { process, meter, probe } = metered()
    probe.write('12')
    process.print('123')
    process.print('1234', 'stderr')
    const { stdin, stdout, stderr } = meter.read()
    expect([stdin.bytes, stdout.bytes, stderr.bytes]).toEqual([2, 3, 4])
  })

  it('knows how much input waited at most, and for how long', () => {
    const { clock, process, meter, probe } = metered({ isReading: false })
    probe.write('12345')
    clock.advance(100)
    process.emit({ type: 'process.inputWritten', byteCount: 3 })
    probe.write('1')
    clock.advance(100)
    process.emit({ type: 'process.inputWritten', byteCount: 3 })
    clock.advance(1_000)
    const { stdin, blockedOnProcessMs } = meter.read()
    expect(stdin).toEqual({ bytes: 6, inFlightBytes: 0, highWaterBytes: 5 })
    expect(blockedOnProcessMs).toBe(200)
  })

  it('does not take input for waiting that the process will never read', () => {
    const { clock, process, meter, probe } = metered({ isReading: false })
    probe.write('12345')
    process.emit({ type: 'process.inputClosed' })
    probe.write('1')
    clock.advance(100)
    expect(meter.read()).toMatchObject({ stdin: { inFlightBytes: 0 }, blockedOnProcessMs: 0 })
  })

  it('knows for how long the outputs were paused', () => {
    const { clock, meter, probe, process } = metered()
    probe.port.perform({ type: 'process.pauseOutput' })
    clock.advance(300)
    probe.port.perform({ type: 'process.resumeOutput' })
    clock.advance(100)
    probe.port.perform({ type: 'process.pauseOutput' })
    clock.advance(50)
    process.exit(0)
    process.endOutputs()
    clock.advance(1_000)
    expect(meter.read()).toMatchObject({ blockedOnClientMs: 350, durationMs: 450 })
  })

  it('knows what was in flight to the client, where its channel is measured', () => {
    const { client, server } = memoryChannelPair({ parameters: { remoteWindowBytes: 4 } })
    const process = scriptedProcess()
    const meter = sessionMeter()
    const handlers: SessionHandlers = { exec: () => meter.process(process) }
    runSession(meter.channel(server), handlers)
    client.event$.subscribe()
    const request = { name: 'exec', command: 'x', commandBytes: Buffer.from('x') } as const
    client.perform({ type: 'channel.sendRequest', request, wantsReply: true })
    process.print('123456')
    process.print('12', 'stderr')
    expect(meter.read()).toMatchObject({
      stdout: { bytes: 6, inFlightBytes: 2, highWaterBytes: 6 },
      stderr: { bytes: 2, inFlightBytes: 2, highWaterBytes: 2 },
    })
    client.perform({ type: 'channel.grant', byteCount: 4 })
    client.perform({ type: 'channel.close' })
    expect(meter.read()).toMatchObject({
      stdout: { inFlightBytes: 0 },
      stderr: { inFlightBytes: 0 },
    })
  })
})

describe('a registry of meters', () => {
  it('sums the sessions that run and those that have ended, by how they ended', () => {
    const clock = manualClock()
    const registry = metricsRegistry({ scheduler: clock.scheduler })
    const ended: unknown[] = []
    registry.ended$.subscribe((metrics) => ended.push([metrics.labels, metrics.outcome]))
    const processes = [0, 3, 'TERM', undefined].map((end, index) => {
      const process = scriptedProcess()
      const meter = registry.meter({ id: String(index) })
      probeTool(meter.process(process))
      process.print('12')
      clock.advance(10)
      if (end !== undefined) process.exit(end)
      return process
    })
    processes.slice(0, 3).forEach((process) => process.endOutputs())
    const { running, total } = registry.snapshot()
    expect(running.map(({ labels }) => labels)).toEqual([{ id: '3' }])
    expect(total).toMatchObject({
      startedCount: 4,
      runningCount: 1,
      endedCounts: { succeeded: 1, failed: 1, signaled: 1, notStarted: 0 },
      stdout: { bytes: 8 },
      durationMs: 40 + 30 + 20 + 10,
    })
    expect(ended).toContainEqual([{ id: '1' }, { kind: 'exited', code: 3 }])
  })

  it('counts a program that did not start, and not one that was never asked to', () => {
    const registry = metricsRegistry()
    const process = scriptedProcess({ isStartedAtOnce: false })
    probeTool(registry.meter().process(process))
    probeTool(registry.meter().process(scriptedProcess()), { isStarted: false })
    process.emit({ type: 'process.startFailed', failure: 'notFound', message: 'none' })
    expect(registry.snapshot().total).toMatchObject({
      startedCount: 1,
      runningCount: 0,
      endedCounts: { notStarted: 1 },
    })
  })

  it('keeps nothing of a session that has ended but its sums', () => {
    const registry = metricsRegistry()
    for (let count = 0; count < 100; count += 1) {
      const process = scriptedProcess()
      probeTool(registry.meter().process(process))
      process.exit(0)
      process.endOutputs()
    }
    expect(registry.snapshot().running).toEqual([])
    expect(registry.snapshot().total.endedCounts.succeeded).toBe(100)
  })
})
