import { describe, expect, it } from '@jest/globals'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import type { LogEntry } from '../src/log'
import { createNumbering } from '../src/numbering'
import { closingTally } from '../src/workers/closing-tally'
import { leastBusy } from '../src/workers/least-busy'
import { isMarkValid, programMark } from '../src/workers/program-mark'
import { createRestartDelay } from '../src/workers/restart-delay'

describe('the delay before a worker is replaced', () => {
  it('grows from nothing to 30 s while workers crash, and not further', () => {
    const delayMs = createRestartDelay()
    const delays = Array.from({ length: 9 }, () => delayMs(10))
    expect(delays).toEqual([0, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000])
  })

  it('is nothing again after a worker that lived for a minute', () => {
    const delayMs = createRestartDelay()
    expect([delayMs(10), delayMs(59_999), delayMs(60_000), delayMs(10)]).toEqual([
      0, 1_000, 0, 1_000,
    ])
  })
})

describe('numbers', () => {
  it('differ between processes that start apart by one and step by their number', () => {
    const given = [1, 2, 3].flatMap((worker) => {
      const start = { firstConnection: worker, firstSession: worker, step: 3 }
      const { nextConnection } = createNumbering(start)
      return [nextConnection(), nextConnection()]
    })
    expect(given.sort()).toEqual([1, 2, 3, 4, 5, 6])
  })
})

describe('the least busy', () => {
  it('is who has the fewest, and each in turn where they have as many', () => {
    const counts = { a: 1, b: 1, c: 2 }
    const choose = leastBusy(() => ['a', 'b', 'c'] as const)
    const chosen = Array.from({ length: 4 }, () => choose((name) => counts[name]))
    expect(chosen).toEqual(['a', 'b', 'a', 'b'])
  })

  it('is nobody where there is none', () => {
    expect(leastBusy<string>(() => [])(() => 0)).toBeUndefined()
  })
})

describe('the lines about closing', () => {
  const report = { endedByThemselves: 1, hungUp: 2, terminated: 3, killed: 4, refused: 5, left: 6 }

  it('add up what the workers say, each told once', () => {
    const logged: LogEntry[] = []
    const tally = closingTally(2, 7, (entry) => logged.push(entry))
    tally.add({ event: 'server.closing', sessions: 3, graceMs: 7 })
    expect(logged).toEqual([])
    tally.add({ event: 'server.closing', sessions: 4, graceMs: 7 })
    expect(logged).toEqual([{ event: 'server.closing', sessions: 7, graceMs: 7 }])
    tally.add({ event: 'server.closed', ...report })
    tally.add({ event: 'server.closed', ...report })
    tally.finish()
    expect(logged.slice(1)).toEqual([
      {
        event: 'server.closed',
        ...{ endedByThemselves: 2, hungUp: 4, terminated: 6, killed: 8, refused: 10, left: 12 },
      },
    ])
  })

  it('are told also where a worker is gone before it says anything', () => {
    const logged: LogEntry[] = []
    closingTally(2, 7, (entry) => logged.push(entry)).finish()
    expect(logged.map(({ event }) => event)).toEqual(['server.closing', 'server.closed'])
  })
})

describe('the mark of a program', () => {
  it('holds while it runs and when it is gone, and not for another that got its number', async () => {
    const child = spawn('cat')
    const mark = programMark(child.pid ?? 0)
    expect(isMarkValid(mark)).toBe(true)
    if (mark.startTime !== undefined) {
      expect(isMarkValid({ ...mark, startTime: '1' })).toBe(false)
    }
    child.stdin.end()
    await once(child, 'close')
    expect(isMarkValid(mark)).toBe(true)
  })
})
