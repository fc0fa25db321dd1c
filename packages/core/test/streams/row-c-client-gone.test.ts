import { describe, expect, it } from '@jest/globals'
import { refuse } from '../../src/streams/session-handlers'
import type { DisconnectPolicy } from '../../src/session/session-settings'
import { runningBench, testBench, type TestBench } from './test-bench'

const freed = ['closeInput', 'closeOutput stdout', 'closeOutput stderr']

const departures: readonly (readonly [string, (bench: TestBench) => void, readonly string[]])[] = [
  ['closes', ({ client }) => client.close(), freed],
  ['is lost', ({ pair }) => pair.clientTransport.lose('reset'), ['disconnect']],
]

const signalsBy: readonly (readonly [DisconnectPolicy, readonly string[]])[] = [
  ['sshd', []],
  ['hangUp', ['signal HUP']],
  ['terminate', ['signal HUP', 'signal TERM', 'signal KILL']],
]

const cases = departures.flatMap(([how, depart, first]) =>
  signalsBy.map(([policy, signals]) => [how, policy, depart, first, signals] as const),
)

describe('row 25: when the client goes', () => {
  it.each(cases)(
    'and %s while the process runs, policy %s frees it and signals it in time',
    async (_, onDisconnect, depart, first, signals) => {
      const bench = runningBench({
        session: { onDisconnect, terminateDelayMs: 2_000, killDelayMs: 3_000 },
      })
      depart(bench)
      expect(bench.asked().slice(1)).toEqual([...first, ...signals.slice(0, 1)])
      bench.clock.advance(1_999)
      expect(bench.asked().slice(1)).toEqual([...first, ...signals.slice(0, 1)])
      bench.clock.advance(1)
      expect(bench.asked().slice(1)).toEqual([...first, ...signals.slice(0, 2)])
      bench.clock.advance(3_000)
      expect(bench.asked().slice(1)).toEqual([...first, ...signals])
      bench.clock.advance(60_000)
      expect(bench.asked().slice(1)).toEqual([...first, ...signals])
      bench.process.exit(0)
      expect((await bench.session.outcome).exit).toEqual({ kind: 'exited', code: 0 })
    },
  )

  it.each(cases)(
    'and %s, policy %s sends no signal to a process that has ended in time',
    async (_, onDisconnect, depart) => {
      const bench = runningBench({ session: { onDisconnect } })
      depart(bench)
      const asked = bench.asked().length
      bench.process.exit('HUP')
      await bench.session.outcome
      bench.clock.advance(3_600_000)
      expect(bench.asked()).toHaveLength(asked)
    },
  )

  it('output that still comes is dropped and counted', async () => {
    const bench = runningBench()
    bench.pair.clientTransport.lose('reset')
    bench.process.print('nobody reads this')
    bench.process.exit('PIPE')
    expect(await bench.session.outcome).toMatchObject({
      endedBy: 'connectionLost',
      reason: 'reset',
      traffic: { droppedOutputBytes: 17 },
    })
  })

  it('and its connection is lost after it closed, the process is disconnected too', async () => {
    const bench = runningBench()
    bench.client.close()
    bench.pair.clientTransport.lose('reset')
    expect(bench.asked().at(-1)).toBe('disconnect')
    bench.process.exit(0)
    expect((await bench.session.outcome).endedBy).toBe('peerClose')
  })

  const phases: readonly (readonly [
    string,
    () => TestBench,
    (bench: TestBench) => void,
    string,
  ])[] = [
    ['waiting', () => testBench(), () => undefined, 'connectionLost'],
    [
      'deciding',
      () => {
        const bench = testBench({ handlers: { exec: () => new Promise(() => undefined) } })
        bench.client.exec('cat')
        return bench
      },
      () => undefined,
      'connectionLost',
    ],
    [
      'refused',
      () => {
        const bench = testBench({ handlers: { exec: () => refuse('no') } })
        bench.client.exec('cat')
        return bench
      },
      () => undefined,
      'policy',
    ],
    [
      'starting',
      () => runningBench({ process: { isStartedAtOnce: false } }),
      ({ process }) =>
        process.emit({ type: 'process.startFailed', failure: 'failed', message: 'no' }),
      'connectionLost',
    ],
    ['running', () => runningBench(), ({ process }) => process.exit(0), 'connectionLost'],
    [
      'draining',
      () => {
        const bench = runningBench()
        bench.process.exit(0)
        return bench
      },
      () => undefined,
      'process',
    ],
    [
      'closing',
      () => {
        const bench = runningBench({ client: { isAnsweringClose: false } })
        bench.process.exit(0)
        bench.process.endOutputs()
        return bench
      },
      () => undefined,
      'process',
    ],
  ]

  it.each(phases)('lost in phase %s, the session ends', async (_, make, finish, endedBy) => {
    const bench = make()
    bench.pair.clientTransport.lose('reset')
    finish(bench)
    expect((await bench.session.outcome).endedBy).toBe(endedBy)
  })

  const closable = phases.slice(0, 6)

  it.each(closable)('closing in phase %s, it gets exactly one CLOSE', async (_, make, finish) => {
    const bench = make()
    bench.client.close()
    finish(bench)
    await bench.session.outcome
    expect(bench.sent().filter((message) => message === 'close')).toHaveLength(1)
    expect(bench.sent().at(-1)).toBe('close')
  })
})
