import { describe, expect, it } from '@jest/globals'
import { toArray } from '../../src/channel/queue'
import type { SessionState } from '../../src/session/session-state'
import { isIllegal, sessionTransition } from '../../src/session/session-transition'
import type { SessionEvent } from '../../src/session/session-event'
import type { ChannelRequest } from '../../src/wire/channel-request'
import { describeCommand } from './describe-step'
import { requestCells } from './request-cells'
import { requested, sampleRequests } from './sample-requests'
import { execRequested, phases, sampleState, started, stateAfter } from './sample-states'
import { runMachine } from './session-run'

const requestNames = Object.keys(sampleRequests) as readonly ChannelRequest['name'][]

const cells = phases.flatMap((phase) =>
  requestNames.map((name) => [phase, name, requestCells[phase][name]] as const),
)

describe('rows 2, 3, 4: requests by phase', () => {
  it.each(cells)('%s: %s', (phase, name, expected) => {
    const state = sampleState(phase)
    const event = requested(sampleRequests[name])
    expect(describeAnswer(state, event)).toBe(expected)
    if (expected === 'illegal' || expected === 'ignore') {
      expect(sessionTransition(state, event)[0]).toBe(state)
    }
  })

  it.each(cells)('%s: %s gets no reply where none is wanted', (phase, name) => {
    const [, commands] = sessionTransition(
      sampleState(phase),
      requested(sampleRequests[name], false),
    )
    expect(commands.filter(({ type }) => type === 'channel.reply')).toEqual([])
  })

  it('has a cell for every request in every phase', () => {
    expect(requestNames).toHaveLength(15)
    for (const phase of phases) {
      expect(Object.keys(requestCells[phase]).sort()).toEqual([...requestNames].sort())
    }
  })
})

describe('rows 2, 13, 14: requests whose answer depends on more than the phase', () => {
  const pty = requested(sampleRequests['pty-req'])
  const onTerminal: SessionEvent = {
    type: 'process.started',
    outputs: ['stdout'],
    isTerminal: true,
  }
  const runningOnTerminal = [pty, execRequested, { type: 'program.accepted' }, onTerminal] as const

  it('accepts X11 and agent forwarding by option, and hands both to the program', () => {
    const settings = { acceptsX11: true, acceptsAgent: true }
    const run = runMachine(
      [
        requested(sampleRequests['x11-req']),
        requested(sampleRequests['auth-agent-req@openssh.com']),
        execRequested,
      ],
      settings,
    )
    expect(run.said).toEqual(['channel.reply 9 true', 'channel.reply 9 true', 'program.decide'])
    expect(run.state).toMatchObject({
      program: { x11: sampleRequests['x11-req'], hasAgentForwarding: true },
    })
  })

  it('refuses a terminal by option, and the program runs without one', () => {
    const run = runMachine([pty, execRequested], { acceptsTerminal: false })
    expect(run.said).toEqual(['channel.reply 9 false', 'program.decide'])
    expect(run.state).toMatchObject({ program: { terminal: null }, lineEnd: '\n' })
  })

  it('refuses a second terminal', () => {
    expect(runMachine([pty, pty]).said).toEqual(['channel.reply 9 true', 'channel.reply 9 false'])
  })

  it('row 13: resizes a terminal; the last size wins and 0 keeps the old value', () => {
    const { saidLast, state } = runMachine([...runningOnTerminal, resize(120, 0), resize(0, 50)])
    expect(saidLast).toEqual(['process.resize 120x50', 'channel.reply 9 true'])
    expect(state).toMatchObject({ terminalSize: { columns: 120, rows: 50 } })
  })

  it('row 13: clamps absurd sizes, at the request of the terminal too', () => {
    const { saidLast } = runMachine([...runningOnTerminal, resize(4_294_967_295, 65_536)])
    expect(saidLast[0]).toBe('process.resize 65535x65535')
    const absurd = requested({
      name: 'pty-req',
      terminal: {
        term: 'xterm',
        size: { columns: 70_000, rows: 0, widthPixels: 99_999, heightPixels: 0 },
        modes: new Map(),
      },
    })
    expect(stateAfter([absurd])).toMatchObject({
      opening: { terminal: { size: { columns: 65_535, rows: 0, widthPixels: 65_535 } } },
    })
  })

  it('row 13: sets the start size before the program runs, in order', () => {
    const run = runMachine([
      pty,
      resize(90, 30),
      execRequested,
      resize(91, 31),
      { type: 'program.accepted' },
    ])
    expect(run.saidLast).toEqual(['process.resize 91x31', 'process.start'])
    expect(run.state).toMatchObject({ program: { terminal: { size: { columns: 91, rows: 31 } } } })
    const early = runMachine([pty, resize(90, 30), execRequested, { type: 'program.accepted' }])
    expect(early.saidLast).toEqual(['process.start'])
    const late = runMachine([...runningOnTerminal.slice(0, 3), resize(92, 32), onTerminal])
    expect(late.saidLast).toEqual([
      'channel.openWindow',
      'channel.reply 1 true',
      'process.resize 92x32',
      'channel.reply 9 true',
    ])
  })

  it('row 13: a size before a terminal was asked for, or without one, is no error', () => {
    expect(runMachine([resize(1, 1)]).said).toEqual(['channel.reply 9 true'])
    expect(runMachine([execRequested, resize(1, 1)]).saidLast).toEqual(['channel.reply 9 true'])
  })

  it('row 13: a process on a terminal nobody asked for takes sizes too', () => {
    const { saidLast } = runMachine([{ type: 'program.accepted' }, onTerminal, resize(80, 24)])
    expect(saidLast[0]).toBe('process.resize 80x24')
  })

  it('row 14: sends a break on a terminal', () => {
    expect(runMachine([...runningOnTerminal, requested(sampleRequests.break)]).saidLast).toEqual([
      'process.sendBreak 500',
      'channel.reply 9 true',
    ])
  })

  it.each(['HUP', 'INT', 'KILL', 'QUIT', 'TERM', 'USR1', 'USR2'])(
    'row 14: passes on %s',
    (signal) => {
      const { saidLast } = runMachine([...runningOnTerminal, requested({ name: 'signal', signal })])
      expect(saidLast).toEqual([`process.signal ${signal}`, 'channel.reply 9 true'])
    },
  )

  it.each(['ALRM', 'STOP', 'SIGTERM', 'term', '', 'TERM@openssh.com'])(
    'row 14: refuses signal %p',
    (signal) => {
      const event = requested({ name: 'signal', signal })
      expect(runMachine([...runningOnTerminal, event]).saidLast).toEqual(['channel.reply 9 false'])
    },
  )

  it('row 14: passes on other signals by option', () => {
    const event = requested({ name: 'signal', signal: 'ALRM' })
    const { saidLast } = runMachine([...runningOnTerminal, event], { signals: ['ALRM'] })
    expect(saidLast[0]).toBe('process.signal ALRM')
  })

  it('row 14: refuses signals to a subsystem, as sshd', () => {
    const events = [
      requested(sampleRequests.subsystem),
      { type: 'program.accepted' } as const,
      started,
      requested(sampleRequests.signal),
    ]
    expect(runMachine(events).saidLast).toEqual(['channel.reply 9 false'])
  })

  it('row 13: signals and sizes work after the client said EOF', () => {
    const eof: SessionEvent = { type: 'channel.eofReceived' }
    const signal = requested(sampleRequests.signal)
    expect(runMachine([...runningOnTerminal, eof, signal]).saidLast[0]).toBe('process.signal TERM')
    expect(runMachine([...runningOnTerminal, eof, resize(9, 9)]).saidLast[0]).toBe(
      'process.resize 9x9',
    )
  })
})

function resize(columns: number, rows: number): SessionEvent {
  return requested({
    name: 'window-change',
    size: { columns, rows, widthPixels: 0, heightPixels: 0 },
  })
}

function describeAnswer(state: SessionState, event: SessionEvent): string {
  if (isIllegal(state, event)) return 'illegal'
  const [after, commands] = sessionTransition(state, event)
  const isDeferred = waitingIn(after) > waitingIn(state)
  if (after === state && commands.length === 0) return 'ignore'
  const said = commands.map(describeCommand).join(', ')
  const moved = after.phase === state.phase ? '' : ` -> ${after.phase}`
  return `${isDeferred ? 'deferred' : ''}${said}${moved}`
}

function waitingIn(state: SessionState): number {
  return state.phase === 'ended' ? 0 : toArray(state.deferred).length
}
