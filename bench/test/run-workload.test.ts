import { describe, expect, it } from '@jest/globals'
import { figureRows } from '../src/report/figure-rows'
import { shownCell } from '../src/report/figure-table'
import { runWorkload, type RunPlan } from '../src/run/run-workload'
import type { BenchServer, RunningServer, ServerId } from '../src/servers/bench-server'
import type { Figures, Workload } from '../src/workloads/workload'

type Act = (id: ServerId, scale: number) => Figures

/** A server that does nothing: what is asked of it is answered by the workload. */
function server(id: ServerId, log: string[], more: Partial<BenchServer> = {}): BenchServer {
  const running = { user: id, stop: () => Promise.resolve(void log.push(`stop ${id}`)) }
  return {
    id,
    name: id,
    missing: () => undefined,
    version: () => '',
    start: () => {
      log.push(`start ${id}`)
      return Promise.resolve(running as unknown as RunningServer)
    },
    byteShare: 1,
    ...more,
  }
}

function workload(log: string[], act: Act, more: Partial<Workload> = {}): Workload {
  return {
    name: 'work',
    title: 'Work',
    figures: [{ key: 'cpu', title: 'CPU' }],
    servers: 'shared',
    run: ({ user }, { scale }) => {
      log.push(`run ${user}`)
      return Promise.resolve(act(user as ServerId, scale))
    },
    ...more,
  }
}

function plan(servers: readonly BenchServer[], rounds: number): RunPlan {
  return { servers, rounds, scale: 1, tell: () => undefined }
}

describe('rounds', () => {
  it('runs every server in every round, and begins each round with another', async () => {
    const log: string[] = []
    const servers = [server('sshd', log), server('hawse', log)]
    const counted = workload(log, () => ({ cpu: 1 }))
    await runWorkload(counted, plan(servers, 3))
    const warmedUp = ['run sshd', 'run sshd', 'start hawse', 'run hawse', 'run hawse']
    expect(log).toEqual([
      ...['start sshd', ...warmedUp],
      ...['run hawse', 'run sshd'],
      ...['run sshd', 'run hawse'],
      ...['stop sshd', 'stop hawse'],
    ])
  })

  it('gives every run a server of its own where memory is measured', async () => {
    const log: string[] = []
    const counted = workload(log, () => ({ cpu: 1 }), { servers: 'fresh' })
    await runWorkload(counted, plan([server('hawse', log)], 2))
    const one = ['start hawse', 'run hawse', 'run hawse', 'stop hawse']
    expect(log).toEqual([...one, ...one])
  })

  it('says why a server has no figure, and asks it no second time', async () => {
    const log: string[] = []
    const failing = workload(log, () => {
      throw new Error('the client moved 3 bytes of 4\nand more')
    })
    const runs = await runWorkload(failing, plan([server('hawse', log)], 5))
    expect(log).toEqual(['start hawse', 'run hawse', 'stop hawse'])
    expect(shownCell(figureRows(runs)[0]?.cells[0])).toBe('the client moved 3 bytes of 4')
  })

  it('leaves out what a server cannot do, with the reason', async () => {
    const log: string[] = []
    const unable = server('conch', log, { cannot: { work: 'has no GCM' } })
    const runs = await runWorkload(
      workload(log, () => ({ cpu: 1 })),
      plan([unable], 1),
    )
    expect(log).toEqual([])
    expect(shownCell(figureRows(runs)[0]?.cells[0])).toBe('has no GCM')
  })
})

it('compares figures of the same round, and gives the median of the ratios', async () => {
  const figures: Record<string, number[]> = { sshd: [1, 2, 10], hawse: [3, 2, 20] }
  const log: string[] = []
  const given = workload(log, (id, scale) => ({ cpu: scale < 1 ? 0 : figures[id]!.shift()! }))
  const servers = [server('sshd', log), server('hawse', log)]
  const [row] = figureRows(await runWorkload(given, plan(servers, 3)))
  expect(row!.cells.map(shownCell)).toEqual(['2.00', '3.00 (2.00)'])
})
