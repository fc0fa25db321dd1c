import { describe, expect, it } from '@jest/globals'
import { concat, EMPTY, merge, NEVER, Observable, throwError } from 'rxjs'
import type { ChannelPort } from '../../src/ports/channel-port'
import type { ProcessEvent, ProcessPort } from '../../src/ports/process-port'
import { SessionProcessProtocol } from '../../src/protocol/session-process-protocol'
import { channelOverTransport } from '../../src/streams/channel-over-transport'
import { runSession } from '../../src/streams/run-session'
import type { Decision } from '../../src/streams/session-handlers'
import { memoryChannelPair } from '../../src/testing/memory-channel'
import { memoryTransportPair } from '../../src/testing/memory-transport'
import { scriptedProcess } from '../../src/testing/scripted-process'
import { describeAsked, runningBench, settled, testBench } from './test-bench'
import { execRequest, testClient } from './test-client'

const failure = throwError(() => new Error('pipe burst'))

/** A process whose stream ends like `rest` as soon as it has told its last scripted fact. */
function endingLike(rest: Observable<ProcessEvent>, isBroken: (event: ProcessEvent) => boolean) {
  const process = scriptedProcess()
  const event$ = new Observable<ProcessEvent>((subscriber) =>
    process.event$.subscribe((event) => {
      subscriber.next(event)
      if (isBroken(event)) rest.subscribe(subscriber)
    }),
  )
  return { ...process, event$ }
}

const isOutput = (event: ProcessEvent): boolean => event.type === 'process.output'

describe('a stream that breaks ends its session and nothing else', () => {
  it.each([
    ['fails', failure, 'the process port failed: pipe burst'],
    ['ends too early', EMPTY, 'the process port failed: its events completed before it had ended'],
  ])(
    'row 28: a process whose stream %s is freed, killed, unreported',
    async (_how, rest, reason) => {
      const bench = runningBench({ process: endingLike(rest, isOutput) })
      bench.process.print('last words')
      const outcome = await bench.session.outcome
      expect(outcome.exit).toEqual({ kind: 'unreported', reason })
      expect(bench.asked()).toEqual(['start', 'disconnect', 'signal KILL'])
      expect(bench.client.stdout()).toBe('last words')
      expect(bench.client.requests).toEqual([])
      expect(bench.client.has('channel.closed')).toBe(true)
    },
  )

  it('row 6: a process whose stream fails before the start is a start failure', async () => {
    const process = scriptedProcess({ isStartedAtOnce: false })
    const bench = runningBench({ process: { ...process, event$: merge(failure, NEVER) } })
    const outcome = await bench.session.outcome
    expect(outcome).toMatchObject({ endedBy: 'failed', reason: expect.stringContaining('pipe') })
  })

  it('row 26: a stream that completes after its end is no failure', async () => {
    const isLast = (event: ProcessEvent): boolean =>
      event.type === 'process.outputEnded' && event.output === 'stderr'
    const bench = runningBench({ process: endingLike(EMPTY, isLast) })
    bench.process.exit(3)
    bench.process.endOutputs()
    expect(await bench.session.outcome).toMatchObject({ exit: { kind: 'exited', code: 3 } })
    expect(bench.asked()).toEqual(['start'])
  })

  it.each([
    ['fails', failure, 'pipe burst'],
    ['ends too early', EMPTY, 'its events completed before it was closed'],
  ])('row 25: a channel whose stream %s is a lost connection', async (_how, rest, reason) => {
    const pair = memoryChannelPair()
    const event$ = concat(pair.server.event$, NEVER)
    const process = scriptedProcess()
    const channel: ChannelPort = {
      ...pair.server,
      event$: new Observable((subscriber) =>
        event$.subscribe((event) => {
          subscriber.next(event)
          if (event.type === 'channel.dataReceived') rest.subscribe(subscriber)
        }),
      ),
    }
    const session = runSession(channel, { exec: () => process })
    const client = testClient(pair.client)
    client.request(execRequest('cat'))
    client.send('x')
    expect(process.commands.map(describeAsked)).toEqual(['start', 'write 1', 'disconnect'])
    process.exit('HUP')
    expect(await session.outcome).toMatchObject({
      endedBy: 'connectionLost',
      reason: `the channel port failed: ${reason}`,
    })
  })

  it('row 25: a transport whose stream fails is a lost channel', () => {
    const [server] = memoryTransportPair()
    const seen: string[] = []
    channelOverTransport({ ...server, event$: failure }).event$.subscribe(({ type }) =>
      seen.push(type),
    )
    expect(seen).toEqual(['channel.lost'])
  })

  it('row 28: a subclass that throws while it hears its process has it killed, and closes', async () => {
    class Throwing extends SessionProcessProtocol {
      override outReceived(): void {
        throw new Error('cannot count')
      }
    }
    const pair = memoryChannelPair()
    const process = scriptedProcess()
    const protocol = new Throwing(pair.server)
    const client = testClient(pair.client)
    client.request(execRequest('cat'))
    protocol.makeConnection(process)
    process.print('one')
    process.print('two')
    expect(process.commands.map(describeAsked)).toEqual(['start', 'disconnect', 'signal KILL'])
    expect(await protocol.outcome).toMatchObject({
      exit: { kind: 'unreported', reason: 'the process port failed: cannot count' },
    })
    expect(client.has('channel.closed')).toBe(true)
  })

  it.each<[string, unknown]>([
    ['nothing', undefined],
    ['null', null],
    ['a fact that is none', { type: 'process.output', output: 'stdout' }],
  ])('row 28: a process that tells %s ends its session', async (_what, event) => {
    const bench = runningBench()
    bench.process.emit(event as ProcessEvent)
    bench.process.exit('HUP')
    bench.process.endOutputs()
    const outcome = await bench.session.outcome
    expect(outcome.exit).not.toBeNull()
    expect(bench.client.has('channel.closed')).toBe(true)
  })
})

describe('an answer of a handler that is none is a failed request', () => {
  const broken: ProcessPort = { event$: undefined as never, perform: () => undefined }
  it('row 6: nothing at all is a refusal', () => {
    const bench = testBench({ handlers: { exec: () => undefined as never } })
    bench.client.exec('x')
    expect(bench.client.stderr()).toBe('commands are not served here\n')
  })

  it.each<[string, () => unknown]>([
    ['a number', () => 7],
    ['a text', () => 'yes'],
    ['an empty object', () => ({})],
    ['a promise of nothing', () => Promise.resolve(undefined)],
    ['a promise of an object', () => Promise.resolve({})],
    ['a port without a stream', () => broken],
    ['an error that has no text', () => Promise.reject(Object.create(null) as Error)],
    [
      'a thenable that throws',
      () => ({
        get then(): never {
          throw new Error('no')
        },
      }),
    ],
  ])('row 6: %s', async (_what, answer) => {
    const bench = testBench({ handlers: { exec: () => answer() as Decision } })
    bench.client.exec('x')
    await settled()
    expect(bench.client.stderr()).toBe('the exec handler of this server failed\n')
    bench.clock.advance(1_000)
    expect(bench.client.replies).toEqual([false])
  })
})
