import { describe, expect, it } from '@jest/globals'
import { EMPTY, NEVER, of, throwError } from 'rxjs'
import type { ChannelOpening } from '../../src/index'
import { bytesOf, exitStatus, program, remoteWorld, terminal } from './remote-world'

const data = (text: string) => ({ type: 'channel.sendData', bytes: bytesOf(text) }) as const
const errors = (text: string) =>
  ({ type: 'channel.sendExtendedData', dataType: 1, bytes: bytesOf(text) }) as const
const close = { type: 'channel.close' } as const
const sendEof = { type: 'channel.sendEof' } as const
const openSsh = (opening: ChannelOpening): ChannelOpening =>
  opening.type === 'opened'
    ? { ...opening, channel: { ...opening.channel, peerSoftware: 'OpenSSH_9.2' } }
    : opening

describe('starting', () => {
  it('asks for nothing before process.start, then once', () => {
    const world = remoteWorld()
    expect(world.heard).toEqual([])
    world.perform({ type: 'process.start' }, { type: 'process.start' })
    expect(world.asked()).toEqual(['exec'])
    expect(world.events).toEqual([])
  })

  it('asks for the terminal with the last size, then for variables and the program', () => {
    const world = remoteWorld({ ...program, terminal, environment: { LANG: 'C' } })
    const size = { columns: 100, rows: 30, widthPixels: 0, heightPixels: 0 }
    world.perform({ type: 'process.resize', size }, { type: 'process.start' })
    expect(world.asked()).toEqual(['pty-req'])
    expect(world.heard[0]).toMatchObject({ request: { terminal: { size } } })
    world.answer(true)
    expect(world.asked()).toEqual(['pty-req', 'env', 'exec'])
    world.answer(true)
    const started = { type: 'process.started', outputs: ['stdout'], isTerminal: true }
    expect(world.events).toEqual([started])
  })

  it('keeps what is asked before the program runs, in order', () => {
    const world = remoteWorld()
    world.perform({ type: 'process.start' })
    world.perform({ type: 'process.write', bytes: bytesOf('in') })
    world.perform({ type: 'process.signal', signal: 'USR1' }, { type: 'process.closeInput' })
    expect(world.heard).toHaveLength(1)
    world.answer(true)
    expect(world.heard.slice(1)).toMatchObject([
      { type: 'channel.dataReceived', bytes: bytesOf('in') },
      { type: 'channel.requested', request: { name: 'signal', signal: 'USR1' } },
      { type: 'channel.eofReceived' },
    ])
    expect(world.types()).toEqual(['process.started', 'process.inputWritten'])
  })

  it('fails with the notice of a server that refuses, and closes the channel', () => {
    const world = remoteWorld()
    world.perform({ type: 'process.start' })
    world.serve(errors('not on Sundays\r\n'))
    world.answer(false)
    const message = 'the command refused: not on Sundays'
    expect(world.events).toEqual([
      { type: 'process.startFailed', failure: 'notPermitted', message },
    ])
    expect(world.heard.at(-1)).toEqual({ type: 'channel.closeReceived' })
    expect(world.isCompleted()).toBe(true)
  })

  it('fails where a terminal is refused, and runs nothing without', () => {
    const world = remoteWorld({ ...program, terminal })
    world.perform({ type: 'process.start' })
    world.answer(false)
    expect(world.types()).toEqual(['process.startFailed'])
    expect(world.asked()).toEqual(['pty-req'])
  })

  it.each([
    [
      'says why',
      () => of({ type: 'failed', failure: 'noResources', message: 'full' } as const),
      'full',
    ],
    ['says nothing', () => EMPTY, 'no channel was opened'],
    ['fails', () => throwError(() => new Error('broken')), 'broken'],
  ])('fails where the opening of a channel %s', (_name, opening, message) => {
    const world = remoteWorld(program, opening)
    world.perform({ type: 'process.start' })
    expect(world.events).toMatchObject([{ type: 'process.startFailed', message }])
    expect(world.isCompleted()).toBe(true)
  })

  it('is given up by a disconnect while the channel is being opened', () => {
    const world = remoteWorld(program, () => NEVER)
    world.perform({ type: 'process.start' }, { type: 'process.disconnect' })
    expect(world.types()).toEqual(['process.startFailed'])
    expect(world.isCompleted()).toBe(true)
  })

  it('fails where the connection is lost before the answer', () => {
    const world = remoteWorld()
    world.perform({ type: 'process.start' })
    world.lose('gone')
    expect(world.events).toMatchObject([{ type: 'process.startFailed', message: 'gone' }])
  })
})

describe('running', () => {
  it('keeps outputs apart, and ends both at EOF', () => {
    const world = remoteWorld()
    world.run()
    world.serve(data('out'), errors('err'), sendEof)
    expect(world.output('stdout')).toBe('out')
    expect(world.output('stderr')).toBe('err')
    expect(world.types().slice(-2)).toEqual(['process.outputEnded', 'process.outputEnded'])
    expect(world.isCompleted()).toBe(false)
  })

  it('passes output that comes before the answer once the program runs', () => {
    const world = remoteWorld()
    world.perform({ type: 'process.start' })
    world.serve(data('early'))
    expect(world.events).toEqual([])
    world.answer(true)
    expect(world.types()).toEqual(['process.started', 'process.output'])
  })

  it('holds output while it is paused, and its end behind it', () => {
    const world = remoteWorld()
    world.run()
    world.perform({ type: 'process.pauseOutput' })
    world.serve(data('held'), errors('too'), sendEof, exitStatus(3), close)
    expect(world.types()).toEqual(['process.started', 'process.exited'])
    world.perform({ type: 'process.resumeOutput' })
    expect(world.output('stdout') + world.output('stderr')).toBe('heldtoo')
    expect(world.types().slice(-2)).toEqual(['process.outputEnded', 'process.outputEnded'])
    expect(world.isCompleted()).toBe(true)
  })

  it('goes on after the end of its input', () => {
    const world = remoteWorld()
    world.run()
    world.perform({ type: 'process.closeInput' })
    world.serve(data('late'), exitStatus(0), sendEof, close)
    expect(world.output('stdout')).toBe('late')
    expect(world.exit()).toEqual({ type: 'process.exited', outcome: { kind: 'exited', code: 0 } })
  })

  it('says that the input was closed, and passes no more', () => {
    const world = remoteWorld()
    world.run()
    const request = { name: 'eow@openssh.com' } as const
    world.serve({ type: 'channel.sendRequest', request, wantsReply: false })
    world.perform({ type: 'process.write', bytes: bytesOf('more') })
    expect(world.types()).toEqual(['process.started', 'process.inputClosed'])
    expect(world.heard.some(({ type }) => type === 'channel.dataReceived')).toBe(false)
  })

  it('resizes only a terminal', () => {
    const size = { columns: 100, rows: 30, widthPixels: 0, heightPixels: 0 }
    const plain = remoteWorld()
    plain.run()
    plain.perform({ type: 'process.resize', size }, { type: 'process.sendBreak', lengthMs: 1 })
    expect(plain.asked()).toEqual(['exec'])
    const screen = remoteWorld({ ...program, terminal })
    screen.run()
    screen.answer(true)
    screen.perform({ type: 'process.resize', size }, { type: 'process.sendBreak', lengthMs: 1 })
    expect(screen.asked()).toEqual(['pty-req', 'exec', 'window-change', 'break'])
  })
})

describe('ending', () => {
  it('tells a signal with what its server said of it', () => {
    const world = remoteWorld()
    world.run()
    const request = {
      name: 'exit-signal',
      signal: 'SEGV',
      hasCoreDumped: true,
      message: 'oops',
      languageTag: 'en',
    } as const
    world.serve({ type: 'channel.sendRequest', request, wantsReply: false }, sendEof, close)
    const outcome = { kind: 'signaled', signal: 'SEGV', hasCoreDumped: true, message: 'oops' }
    expect(world.exit()).toMatchObject({ outcome })
    expect(world.isCompleted()).toBe(true)
  })

  it('tells a close without a report, and a connection that was lost, each as what it is', () => {
    const closed = remoteWorld()
    closed.run()
    closed.serve(close)
    expect(closed.exit()).toMatchObject({ outcome: { kind: 'unreported' } })
    const lost = remoteWorld()
    lost.run()
    lost.lose('the cable broke')
    expect(lost.exit()).toMatchObject({ outcome: { kind: 'lost', reason: 'the cable broke' } })
    for (const { types, isCompleted } of [closed, lost]) {
      expect(types().filter((type) => type === 'process.outputEnded')).toHaveLength(2)
      expect(isCompleted()).toBe(true)
    }
  })

  it('believes the first report, and the connection no more after it', () => {
    const world = remoteWorld()
    world.run()
    world.serve(exitStatus(3), exitStatus(4))
    world.lose('gone')
    const exits = world.events.filter(({ type }) => type === 'process.exited')
    expect(exits).toEqual([{ type: 'process.exited', outcome: { kind: 'exited', code: 3 } }])
  })

  it('hears the report that comes after a disconnect', () => {
    const world = remoteWorld()
    world.run()
    world.perform({ type: 'process.disconnect' })
    expect(world.types()).toEqual(['process.started', 'process.outputEnded', 'process.outputEnded'])
    world.serve(exitStatus(5), close)
    expect(world.exit()).toMatchObject({ outcome: { kind: 'exited', code: 5 } })
    expect(world.isCompleted()).toBe(true)
  })

  it('drops an output that was closed, and keeps the other', () => {
    const world = remoteWorld()
    world.run()
    world.perform({ type: 'process.closeOutput', output: 'stdout' })
    world.serve(data('unwanted'), errors('kept'), exitStatus(0), sendEof, close)
    expect(world.output('stdout')).toBe('')
    expect(world.output('stderr')).toBe('kept')
    expect(world.types().filter((type) => type === 'process.outputEnded')).toHaveLength(2)
  })

  it('tells OpenSSH that an output is not wanted once more of it comes, and no sooner', () => {
    const world = remoteWorld(program, (opening) => of(openSsh(opening)))
    world.run()
    world.perform({ type: 'process.closeOutput', output: 'stdout' })
    world.serve(errors('kept'))
    expect(world.asked()).toEqual(['exec'])
    world.serve(data('unwanted'), data('more'))
    expect(world.asked()).toEqual(['exec', 'eow@openssh.com'])
    world.serve(errors(' too'), exitStatus(0), sendEof, close)
    expect(world.output('stderr')).toBe('kept too')
    expect(world.isCompleted()).toBe(true)
  })

  it('tells no other server that an output is not wanted', () => {
    const world = remoteWorld()
    world.run()
    world.perform({ type: 'process.closeOutput', output: 'stdout' })
    world.serve(data('unwanted'))
    expect(world.asked()).toEqual(['exec'])
  })

  it('passes megabytes through a window, and gives credit only for what was passed on', () => {
    const world = remoteWorld()
    world.run()
    world.perform({ type: 'process.pauseOutput' })
    const piece = new Uint8Array(32_768).fill(120)
    for (let count = 0; count < 200; count += 1)
      world.serve({ type: 'channel.sendData', bytes: piece })
    expect(world.types()).toEqual(['process.started'])
    world.perform({ type: 'process.resumeOutput' })
    world.serve(exitStatus(0), sendEof, close)
    expect(world.output('stdout')).toHaveLength(200 * 32_768)
    expect(world.isCompleted()).toBe(true)
  })
})
