import { describe, expect, it } from '@jest/globals'
import { exited } from '../../src/ports/exit-outcome'
import type { SessionEvent } from '../../src/session/session-event'
import { execRequested, started, wayTo } from './sample-states'
import { outcomeOf, runMachine } from './session-run'

const lost: SessionEvent = { type: 'channel.lost', reason: 'reset' }
const closeReceived: SessionEvent = { type: 'channel.closeReceived' }
const closed: SessionEvent = { type: 'channel.closed' }
const exit: SessionEvent = { type: 'process.exited', outcome: exited(3) }
const timedOut: SessionEvent = { type: 'session.end', endedBy: 'timeout', reason: 'idle' }
const lose: SessionEvent = { type: 'session.loseConnection', reason: 'done' }
const output: SessionEvent = {
  type: 'process.output',
  output: 'stdout',
  bytes: new Uint8Array(100),
}

describe('row 26: the outcome names who ended the session', () => {
  it.each([
    ['the client closes', closeReceived],
    ['the connection is lost', lost],
    ['the owner gives the connection up', lose],
    ['the owner ends it too', { type: 'session.end', endedBy: 'policy', reason: 'shutdown' }],
  ] as const)('keeps the time limit as the cause when then %s', (_, event) => {
    const { state } = runMachine([...wayTo.running, timedOut, event])
    expect(state).toMatchObject({ ending: { endedBy: 'timeout', reason: 'idle' } })
  })

  it('asks the process to end once, and tells the client once, however often it is ended', () => {
    const { said } = runMachine([...wayTo.running, timedOut, timedOut])
    expect(said.filter((line) => line === 'process.signal HUP')).toHaveLength(1)
    expect(said.filter((line) => line.startsWith('channel.sendExtendedData'))).toHaveLength(1)
  })

  it('counts output as dropped that the channel had not taken when it was lost', () => {
    const run = runMachine([...wayTo.running, output, lost, exit])
    expect(outcomeOf(run).traffic).toMatchObject({ stdoutBytes: 100, droppedOutputBytes: 100 })
  })

  it('counts output once that the channel tells as dropped before it is lost', () => {
    const dropped: SessionEvent = { type: 'channel.dropped', byteCount: 60 }
    const taken: SessionEvent = { type: 'channel.written', byteCount: 40 }
    const run = runMachine([...wayTo.running, output, taken, dropped, lost, exit])
    expect(outcomeOf(run).traffic).toMatchObject({ stdoutBytes: 100, droppedOutputBytes: 60 })
  })

  it('counts output that was not taken when the farewell was interrupted', () => {
    const run = runMachine([
      ...wayTo.draining,
      output,
      { type: 'process.outputEnded', output: 'stdout' },
      { type: 'process.outputEnded', output: 'stderr' },
      lost,
    ])
    expect(outcomeOf(run)).toMatchObject({
      endedBy: 'process',
      traffic: { droppedOutputBytes: 100 },
    })
  })

  it('counts input as dropped that waited for a program that never started', () => {
    const early: SessionEvent = { type: 'channel.dataReceived', bytes: new Uint8Array(7) }
    const run = runMachine([early, closeReceived, closed])
    expect(outcomeOf(run)).toMatchObject({
      endedBy: 'peerClose',
      exit: null,
      traffic: { droppedInputBytes: 7 },
    })
  })
})

describe('row 25: a process that starts after its client has gone', () => {
  it.each([
    ['abandoned', closeReceived],
    ['orphaned', lost],
    ['leaving', lose],
  ] as const)('%s: is hung up where the policy says so', (phase, gone) => {
    const { state, saidLast } = runMachine([...wayTo.starting, gone, started], {
      onDisconnect: 'hangUp',
    })
    expect(state.phase).toBe(phase)
    expect(saidLast).toContain('process.signal HUP')
  })

  it('orphaned: is freed at once, and no signal is sent where the policy is that of sshd', () => {
    const { saidLast } = runMachine([...wayTo.starting, lost, started])
    expect(saidLast).toEqual(['process.disconnect'])
  })
})

describe('row 19: end of output', () => {
  it('is told once, however often the outputs end', () => {
    const ended: readonly SessionEvent[] = [
      { type: 'process.outputEnded', output: 'stdout' },
      { type: 'process.outputEnded', output: 'stderr' },
    ]
    const { said } = runMachine([...wayTo.running, ...ended, ...ended, exit])
    expect(said.filter((line) => line === 'channel.sendEof')).toHaveLength(1)
  })

  it('is told at once for a program that has no output', () => {
    const noOutput: SessionEvent = { type: 'process.started', outputs: [], isTerminal: false }
    const run = runMachine([...wayTo.starting, noOutput, exit, closed])
    expect(run.said.slice(-5)).toEqual([
      'channel.reply 1 true',
      'channel.sendEof',
      'channel.sendRequest exit-status 3 false',
      'channel.close',
      'session.ended process',
    ])
  })
})

describe('row 16: back-pressure', () => {
  it('pauses a process that starts while output already waits above the high water mark', () => {
    const write: SessionEvent = { type: 'session.write', bytes: new Uint8Array(11) }
    const settings = { outputHighWaterMarkBytes: 10, outputLowWaterMarkBytes: 2 }
    const { saidLast } = runMachine([...wayTo.starting, write, started], settings)
    expect(saidLast).toEqual(['channel.openWindow', 'process.pauseOutput', 'channel.reply 1 true'])
  })
})

describe('row 4: requests that waited for a program that was refused', () => {
  const signal: SessionEvent = {
    type: 'channel.requested',
    requestId: 2,
    request: { name: 'signal', signal: 'TERM' },
    wantsReply: true,
  }
  const refused: SessionEvent = { type: 'program.refused', reason: 'no' }
  const answered: SessionEvent = { type: 'channel.replied', isSuccess: false }

  it('are refused with it, in order, so that the replies behind them can leave', () => {
    const { said } = runMachine([
      execRequested,
      signal,
      { ...signal, requestId: 3 },
      refused,
      answered,
    ])
    // The channel keeps the replies in the order of the requests.
    expect(said.filter((line) => line.startsWith('channel.reply'))).toEqual([
      'channel.reply 2 false',
      'channel.reply 3 false',
      'channel.reply 1 false',
    ])
  })

  it('do not reach the next program, but early input does', () => {
    const early: SessionEvent = { type: 'channel.dataReceived', bytes: new Uint8Array(7) }
    const second = { ...execRequested, requestId: 4 } as SessionEvent
    const { saidLast } = runMachine([
      execRequested,
      early,
      signal,
      refused,
      answered,
      second,
      { type: 'program.accepted' },
      started,
    ])
    expect(saidLast).toEqual(['channel.openWindow', 'channel.reply 4 true', 'process.write 7B'])
  })
})

describe('row 6: a refusal', () => {
  const refused: SessionEvent = { type: 'program.refused', reason: 'no' }
  const answered: SessionEvent = { type: 'channel.replied', isSuccess: false }
  const expired: SessionEvent = { type: 'timer.expired', timer: 'refuse' }
  const lost: SessionEvent = { type: 'channel.lost', reason: 'reset' }

  it('shows the reason, asks the client whether it has come that far, and then replies', () => {
    expect(runMachine([execRequested, refused]).saidLast).toEqual([
      'channel.sendExtendedData 1 3B',
      'channel.sendRequest keepalive@openssh.com true',
      'timer.start refuse 1000',
    ])
    expect(runMachine([execRequested, refused, answered]).saidLast).toEqual([
      'channel.reply 1 false',
    ])
  })

  it('does not wait for ever for a client that answers nothing', () => {
    expect(runMachine([execRequested, refused, expired]).saidLast).toEqual([
      'channel.reply 1 false',
    ])
  })

  it('replies once, whatever comes late, and leaves a program that follows alone', () => {
    const again = { ...execRequested, requestId: 2 } as SessionEvent
    const { said } = runMachine([
      execRequested,
      refused,
      answered,
      answered,
      expired,
      again,
      { type: 'program.accepted' },
      started,
      expired,
    ])
    const first = said.filter((line) => line === 'channel.reply 1 false')
    expect(first).toHaveLength(1)
    expect(said.filter((line) => line.startsWith('process.signal'))).toEqual([])
  })

  it('has ended the session of a client that hangs up on it, before the reply and after', () => {
    expect(runMachine([execRequested, refused, lost]).saidLast).toEqual(['session.ended policy'])
    expect(runMachine([execRequested, refused, answered, lost]).saidLast).toEqual([
      'session.ended policy',
    ])
  })
})
