import { describe, expect, it } from '@jest/globals'
import { exited } from '../../src/ports/exit-outcome'
import type { SessionEvent } from '../../src/session/session-event'
import { wayTo } from './sample-states'
import { runMachine } from './session-run'

const push: SessionEvent = { type: 'producer.registered', kind: 'push' }
const pull: SessionEvent = { type: 'producer.registered', kind: 'pull' }
const unregistered: SessionEvent = { type: 'producer.unregistered' }
const lose: SessionEvent = { type: 'session.loseConnection', reason: 'done' }
const marks = { outputHighWaterMarkBytes: 10, outputLowWaterMarkBytes: 2 }

function write(byteCount: number): SessionEvent {
  return { type: 'session.write', bytes: new Uint8Array(byteCount) }
}

function written(byteCount: number): SessionEvent {
  return { type: 'channel.written', byteCount }
}

describe('row 24: producers', () => {
  it('pauses a push producer above the high water mark and resumes it at the low one', () => {
    const full = runMachine([...wayTo.running, push, write(10)], marks)
    expect(full.saidLast).toEqual(['channel.sendData 10B'])
    const over = runMachine([...wayTo.running, push, write(10), write(1)], marks)
    expect(over.saidLast).toEqual(['channel.sendData 1B', 'process.pauseOutput', 'producer.pause'])
    const early = runMachine([...wayTo.running, push, write(11), written(8)], marks)
    expect(early.saidLast).toEqual([])
    const resumed = runMachine([...wayTo.running, push, write(11), written(9)], marks)
    expect(resumed.saidLast).toEqual(['process.resumeOutput', 'producer.resume'])
  })

  it('asks a pull producer for its first bytes, and for more when what it wrote has left', () => {
    const first = runMachine([...wayTo.running, pull], marks)
    expect(first.saidLast).toEqual(['producer.resume'])
    const paused = runMachine([...wayTo.running, pull, write(11)], marks)
    expect(paused.saidLast).toEqual(['channel.sendData 11B', 'process.pauseOutput'])
    const early = runMachine([...wayTo.running, pull, write(11), written(8)], marks)
    expect(early.saidLast).toEqual([])
    const low = runMachine([...wayTo.running, pull, write(11), written(9)], marks)
    expect(low.saidLast).toEqual(['process.resumeOutput', 'producer.resume'])
  })

  it('makes a producer wait that registers while output is paused', () => {
    expect(runMachine([...wayTo.running, write(11), push], marks).saidLast).toEqual([
      'producer.pause',
    ])
    expect(runMachine([...wayTo.running, write(11), pull], marks).saidLast).toEqual([])
  })

  it('keeps the first producer when a second one registers', () => {
    const { state, saidLast } = runMachine([...wayTo.running, push, pull])
    expect(saidLast).toEqual([])
    expect(state).toMatchObject({ producer: 'push' })
  })

  it.each([
    ['push', push, 'lastPush'],
    ['pull', pull, 'lastPull'],
  ] as const)('loses the connection only after a %s producer has ended', (_, register, phase) => {
    const waiting = runMachine([...wayTo.running, register, lose])
    expect(waiting.saidLast).toEqual([])
    expect(waiting.state).toMatchObject({ phase: 'running', producer: phase })
    const asked = runMachine([...wayTo.running, register, lose, lose])
    expect(asked.state).toMatchObject({ phase: 'running', producer: phase })
    const ended = runMachine([...wayTo.running, register, lose, unregistered])
    expect(ended.state.phase).toBe('leaving')
    expect(ended.saidLast[0]).toBe('channel.close')
  })

  it.each(['waiting', 'deciding'] as const)(
    'loses the connection only after the producer has ended, in %s',
    (phase) => {
      const waiting = runMachine([...wayTo[phase], push, lose])
      expect(waiting.state).toMatchObject({ phase, producer: 'lastPush' })
      const ended = runMachine([...wayTo[phase], push, lose, unregistered])
      expect(ended.state.phase).toBe('closing')
      expect(ended.saidLast).toContain('channel.close')
    },
  )

  it.each(['starting', 'draining'] as const)(
    'loses the connection only after the producer has ended, in %s',
    (phase) => {
      const waiting = runMachine([...wayTo[phase], push, lose])
      expect(waiting.saidLast).toEqual([])
      expect(waiting.state).toMatchObject({ phase, producer: 'lastPush' })
      const ended = runMachine([...wayTo[phase], push, lose, unregistered])
      expect(ended.saidLast).toContain('channel.close')
    },
  )

  it('goes on after a producer that ends while the program starts or its output drains', () => {
    for (const phase of ['starting', 'draining'] as const) {
      const { state, saidLast } = runMachine([...wayTo[phase], push, unregistered])
      expect(state).toMatchObject({ phase, producer: 'none' })
      expect(saidLast).toEqual([])
    }
  })

  it.each(['closing', 'abandoned', 'leaving', 'orphaned', 'ended'] as const)(
    'stops a producer at once that registers in %s, where its bytes can go nowhere',
    (phase) => {
      expect(runMachine([...wayTo[phase], push]).saidLast).toEqual(['producer.stop'])
    },
  )

  const gone: readonly (readonly [string, readonly SessionEvent[], SessionEvent])[] = [
    ['the client closes', wayTo.running, { type: 'channel.closeReceived' }],
    ['the client closes before a program', wayTo.waiting, { type: 'channel.closeReceived' }],
    ['the connection is lost', wayTo.running, { type: 'channel.lost', reason: 'reset' }],
    ['the connection is lost early', wayTo.waiting, { type: 'channel.lost', reason: 'reset' }],
    [
      'the session is ended while it starts',
      wayTo.starting,
      { type: 'session.end', endedBy: 'policy', reason: 'over' },
    ],
  ]

  it.each(gone)('stops a registered producer at once when %s', (_, before, event) => {
    const { said, saidLast } = runMachine([...before, push, event])
    expect(saidLast).toContain('producer.stop')
    expect(said.filter((line) => line === 'producer.stop')).toHaveLength(1)
  })

  it('tells a producer once that it is to stop, and never to resume, after the client closed', () => {
    const { said } = runMachine(
      [
        ...wayTo.running,
        push,
        write(11),
        { type: 'channel.dropped', byteCount: 0 },
        { type: 'channel.closeReceived' },
        { type: 'channel.dropped', byteCount: 11 },
        { type: 'process.exited', outcome: exited(0) },
        { type: 'channel.closed' },
      ],
      marks,
    )
    expect(said.filter((line) => line.startsWith('producer.'))).toEqual([
      'producer.pause',
      'producer.stop',
    ])
  })
})
