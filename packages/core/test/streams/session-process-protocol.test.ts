import { describe, expect, it } from '@jest/globals'
import { exited, signaled } from '../../src/ports/exit-outcome'
import { encodeUtf8 } from '../../src/platform/text'
import { SessionProcessProtocol, type Producer } from '../../src/protocol/session-process-protocol'
import type { SessionOptions } from '../../src/streams/session-options'
import { manualClock } from '../../src/testing/manual-clock'
import { memoryChannelPair } from '../../src/testing/memory-channel'
import type { MemoryTransportOptions } from '../../src/testing/memory-transport'
import { scriptedProcess, type ScriptedProcessOptions } from '../../src/testing/scripted-process'
import { describeMessage } from '../../src/testing/trace'
import { describeAsked } from './test-bench'
import { testClient, type TestClientOptions } from './test-client'

interface SeedOptions {
  readonly session?: SessionOptions
  readonly transport?: MemoryTransportOptions
  readonly client?: TestClientOptions
  readonly process?: ScriptedProcessOptions
}

/** The seed on a memory channel whose client has asked for a command. */
function seedWithClient(options: SeedOptions = {}) {
  const pair = memoryChannelPair(options.transport)
  const seed = new SessionProcessProtocol(pair.server, options.session)
  const client = testClient(pair.client, options.client)
  client.exec('cat')
  const process = scriptedProcess(options.process)
  return {
    seed,
    client,
    pair,
    process,
    sent: () => pair.serverTransport.sent.map(describeMessage),
    asked: () => process.commands.map(describeAsked),
  }
}

/** The same, connected. */
function connectedSeed(options: SeedOptions = {}) {
  const bench = seedWithClient(options)
  bench.seed.makeConnection(bench.process)
  return bench
}

/** A producer that remembers what it was told. */
function loggingProducer(): Producer & { readonly told: readonly string[] } {
  const told: string[] = []
  return {
    told,
    pauseProducing: () => void told.push('pause'),
    resumeProducing: () => void told.push('resume'),
    stopProducing: () => void told.push('stop'),
  }
}

const narrow: SeedOptions = {
  session: { outputHighWaterMarkBytes: 10, outputLowWaterMarkBytes: 2 },
  transport: { parameters: { remoteWindowBytes: 3 } },
  client: { isReading: false },
}

const bytes = encodeUtf8

describe('D. SessionProcessProtocol', () => {
  it('makeConnection binds the process and calls connectionMade once', () => {
    let calls = 0
    class Counting extends SessionProcessProtocol {
      override connectionMade(): void {
        calls += 1
        super.connectionMade()
      }
    }
    const pair = memoryChannelPair()
    const seed = new Counting(pair.server)
    const client = testClient(pair.client)
    client.exec('cat')
    const process = scriptedProcess()
    seed.makeConnection(process)
    expect(calls).toBe(1)
    expect(process.commands.map(({ type }) => type)).toEqual(['process.start'])
    expect(client.replies).toEqual([true])
  })

  it('makeConnection throws ALREADY_CONNECTED the second time', () => {
    const { seed, asked } = connectedSeed()
    expect(() => seed.makeConnection(scriptedProcess())).toThrow(
      expect.objectContaining({ code: 'ALREADY_CONNECTED' }),
    )
    expect(asked()).toEqual(['start'])
  })

  it('connectionMade writes early input to the process, and then applies early EOF', () => {
    const { seed, client, process, asked } = seedWithClient()
    client.send('early')
    client.eof()
    seed.makeConnection(process)
    expect(asked()).toEqual(['start', 'write 5', 'closeInput'])
    seed.connectionMade()
    expect(asked()).toEqual(['start', 'write 5', 'closeInput'])
  })

  it('refuse refuses the request that waits', () => {
    const { seed, client } = seedWithClient()
    seed.refuse('not today')
    expect(client.replies).toEqual([false])
    expect(client.stderr()).toBe('not today\n')
  })

  it('outReceived and errReceived bring both outputs', () => {
    const { seed, client } = connectedSeed()
    seed.outReceived(bytes('out'))
    seed.errReceived(bytes('err'))
    seed.outReceived(new Uint8Array())
    expect([client.stdout(), client.stderr()]).toEqual(['out', 'err'])
  })

  it('childDataReceived goes by descriptor, and ignores what SSH has no place for', () => {
    const { seed, client } = connectedSeed()
    seed.childDataReceived(1, bytes('out'))
    seed.childDataReceived(2, bytes('err'))
    seed.childDataReceived(0, bytes('x'))
    seed.childDataReceived(3, bytes('x'))
    expect([client.stdout(), client.stderr()]).toEqual(['out', 'err'])
  })

  it('row 11: inConnectionLost consumes what the client still sends', async () => {
    const { seed, client, asked } = connectedSeed()
    seed.inConnectionLost()
    client.send('nobody')
    seed.processEnded(exited(0))
    expect(asked()).toEqual(['start'])
    expect((await seed.outcome).traffic.droppedInputBytes).toBe(6)
  })

  it.each([
    ['stdout first', ['outConnectionLost', 'outConnectionLost', 'errConnectionLost']],
    ['stderr first', ['errConnectionLost', 'errConnectionLost', 'outConnectionLost']],
  ] as const)('row 19: EOF once after both outputs are lost, %s', (_, methods) => {
    const { seed, sent } = connectedSeed()
    seed.outReceived(bytes('x'))
    for (const method of methods.slice(0, 2)) seed[method]()
    expect(sent()).not.toContain('eof')
    seed[methods[2]]()
    for (const method of methods) seed[method]()
    expect(sent()).toEqual(['success', 'data 1', 'eof'])
  })

  it('childConnectionLost goes by descriptor, and ignores others', async () => {
    const { seed, client, sent } = connectedSeed()
    for (const descriptor of [3, -1, 1]) seed.childConnectionLost(descriptor)
    expect(sent()).not.toContain('eof')
    seed.childConnectionLost(2)
    expect(sent().at(-1)).toBe('eof')
    seed.childConnectionLost(0)
    client.send('nobody')
    seed.processExited(exited(0))
    expect((await seed.outcome).traffic.droppedInputBytes).toBe(6)
  })

  it('row 20: processExited reports at once, and once', () => {
    const { seed, client, sent } = connectedSeed()
    seed.processExited(signaled('SIGBUS', true))
    seed.processExited(exited(1))
    expect(client.requests).toMatchObject([{ name: 'exit-signal', signal: 'BUS@openssh.com' }])
    expect(sent()).not.toContain('close')
  })

  it('processEnded makes the report, EOF and CLOSE that are still owed', async () => {
    const { seed, sent } = connectedSeed()
    seed.outReceived(bytes('x'))
    seed.processEnded(exited(3))
    expect(sent()).toEqual(['success', 'data 1', 'request exit-status', 'eof', 'close'])
    expect(await seed.outcome).toMatchObject({ endedBy: 'process' })
  })

  it('processEnded after processExited and the end of both outputs says nothing twice', () => {
    const { seed, sent } = connectedSeed()
    seed.outConnectionLost()
    seed.processExited(exited(3))
    seed.errConnectionLost()
    seed.processEnded(exited(4))
    expect(sent()).toEqual(['success', 'request exit-status', 'eof', 'close'])
  })

  it('processEnded without an outcome only closes', () => {
    const { seed, sent } = connectedSeed()
    seed.outReceived(bytes('x'))
    seed.processEnded()
    expect(sent()).toEqual(['success', 'data 1', 'close'])
  })

  it('connectionLost closes towards the remote end', async () => {
    const { seed, client, asked } = connectedSeed()
    seed.connectionLost('the relay was cut')
    expect(client.has('channel.closed')).toBe(true)
    expect(asked().slice(1, 2)).toEqual(['closeInput'])
    seed.processExited(exited(0))
    expect(await seed.outcome).toMatchObject({ endedBy: 'policy', reason: 'the relay was cut' })
  })

  it('connectionLost gives a reason of its own', async () => {
    const { seed } = seedWithClient()
    seed.connectionLost()
    expect((await seed.outcome).reason).toBe('the connection of the program was lost')
  })

  it('getHost and getPeer are the addresses of the transport', () => {
    const { pair } = seedWithClient()
    const host = { family: 'IPv4', address: '192.0.2.1', port: 22 } as const
    const peer = { family: 'IPv4', address: '192.0.2.9', port: 50_000 } as const
    const seed = new SessionProcessProtocol({ ...pair.client, host, peer })
    expect([seed.getHost(), seed.getPeer()]).toEqual([host, peer])
  })

  it('write brings bytes to stdout of the remote end, in order with the process', () => {
    const { seed, client } = connectedSeed()
    seed.write(bytes('a'))
    seed.outReceived(bytes('b'))
    seed.write(new Uint8Array())
    seed.write(bytes('c'))
    expect(client.stdout()).toBe('abc')
  })

  it('write counts as activity', () => {
    const clock = manualClock()
    const { seed, asked } = connectedSeed({
      session: { scheduler: clock.scheduler, timeLimits: { idleMs: 1_000 } },
    })
    clock.advance(999)
    seed.write(bytes('a'))
    clock.advance(999)
    expect(asked()).toEqual(['start'])
    clock.advance(1)
    expect(asked()).toEqual(['start', 'signal HUP'])
  })

  it('row 24: writeSequence sends all chunks, and joins none', () => {
    const { seed, client, sent } = connectedSeed()
    seed.writeSequence([bytes('ab'), bytes('c'), new Uint8Array(), bytes('def')])
    expect(sent().slice(1)).toEqual(['data 2', 'data 1', 'data 3'])
    expect(client.stdout()).toBe('abcdef')
  })

  it('row 24: writeSequence takes any iterable', () => {
    const { seed, client } = connectedSeed()
    seed.writeSequence(new Set([bytes('ab'), bytes('c')]))
    expect(client.stdout()).toBe('abc')
  })

  it('row 24: loseConnection closes after all pending writes', () => {
    const { seed, client, sent } = connectedSeed(narrow)
    seed.write(bytes('abcdef'))
    seed.loseConnection()
    expect(sent()).toEqual(['success', 'data 3'])
    client.setReading(true)
    expect(client.stdout()).toBe('abcdef')
    expect(sent().at(-1)).toBe('close')
  })

  it('row 24: write after loseConnection is dropped and counted', async () => {
    const { seed, client } = connectedSeed()
    seed.loseConnection()
    seed.write(bytes('too late'))
    seed.processExited(exited(0))
    expect(client.stdout()).toBe('')
    expect((await seed.outcome).traffic).toMatchObject({ stdoutBytes: 0, droppedOutputBytes: 8 })
  })

  it('row 24: loseConnection waits for a push producer', () => {
    const { seed, client, sent } = connectedSeed(narrow)
    const producer = loggingProducer()
    seed.registerProducer(producer, true)
    seed.write(bytes('0123456789abcde'))
    expect(producer.told).toEqual(['pause'])
    seed.loseConnection()
    client.setReading(true)
    expect(producer.told).toEqual(['pause', 'resume'])
    seed.write(bytes('f'))
    expect(sent()).not.toContain('close')
    seed.unregisterProducer()
    expect(client.stdout()).toBe('0123456789abcdef')
    expect(sent().at(-1)).toBe('close')
  })

  it('row 24: a pull producer writes once for each call, and all of it arrives', () => {
    const { seed, client } = connectedSeed()
    const chunks = ['a', 'b', 'c', 'd']
    seed.registerProducer(
      {
        pauseProducing: () => undefined,
        stopProducing: () => undefined,
        resumeProducing: () => {
          const chunk = chunks.shift()
          if (chunk === undefined) seed.unregisterProducer()
          else seed.write(bytes(chunk))
        },
      },
      false,
    )
    expect(client.stdout()).toBe('abcd')
    seed.registerProducer(loggingProducer(), true)
  })

  it('registerProducer throws PRODUCER_REGISTERED for a second one, and keeps the first', () => {
    const { seed } = connectedSeed()
    const first = loggingProducer()
    seed.registerProducer(first, false)
    expect(() => seed.registerProducer(loggingProducer(), true)).toThrow(
      expect.objectContaining({ code: 'PRODUCER_REGISTERED' }),
    )
    expect(first.told).toEqual(['resume'])
  })

  it('registerProducer stops a producer that comes after loss, every time', async () => {
    const { seed, pair, process } = connectedSeed()
    pair.clientTransport.lose('reset')
    for (const isStreaming of [true, false]) {
      const producer = loggingProducer()
      seed.registerProducer(producer, isStreaming)
      expect(producer.told).toEqual(['stop'])
    }
    process.exit(0)
    await seed.outcome
    const late = loggingProducer()
    seed.registerProducer(late, true)
    expect(late.told).toEqual(['stop'])
  })

  it('stops a registered producer when the client goes', () => {
    const { seed, client } = connectedSeed()
    const producer = loggingProducer()
    seed.registerProducer(producer, true)
    client.close()
    seed.write(bytes('into the void'))
    expect(producer.told).toEqual(['stop'])
    seed.unregisterProducer()
  })

  it('a producer that throws ends the session, not its caller', async () => {
    const { seed, process } = connectedSeed()
    const broken: Producer = {
      ...loggingProducer(),
      resumeProducing: () => {
        throw new Error('disk is gone')
      },
    }
    expect(() => seed.registerProducer(broken, false)).not.toThrow()
    process.exit('HUP')
    process.endOutputs()
    expect(await seed.outcome).toMatchObject({ endedBy: 'failed', reason: 'disk is gone' })
  })

  it('a subclass sees every event of the process at its methods', () => {
    const seen: string[] = []
    class Watching extends SessionProcessProtocol {
      override outReceived(data: Uint8Array): void {
        seen.push(`out ${String(data.length)}`)
        super.outReceived(data)
      }
      override errReceived(data: Uint8Array): void {
        seen.push(`err ${String(data.length)}`)
        super.errReceived(data)
      }
      override inConnectionLost(): void {
        seen.push('in lost')
        super.inConnectionLost()
      }
      override outConnectionLost(): void {
        seen.push('out lost')
        super.outConnectionLost()
      }
      override errConnectionLost(): void {
        seen.push('err lost')
        super.errConnectionLost()
      }
      override processExited(outcome: ReturnType<typeof exited>): void {
        seen.push(`exited ${outcome.kind}`)
        super.processExited(outcome)
      }
    }
    const pair = memoryChannelPair()
    const seed = new Watching(pair.server)
    const client = testClient(pair.client)
    client.exec('cat')
    const process = scriptedProcess()
    seed.makeConnection(process)
    process.print('ab')
    process.print('c', 'stderr')
    process.emit({ type: 'process.inputClosed' })
    process.exit(0)
    process.endOutputs()
    expect(seen).toEqual(['out 2', 'err 1', 'in lost', 'exited exited', 'out lost', 'err lost'])
    expect(client.has('channel.closed')).toBe(true)
  })

  it('a start that fails is told by the seed too', async () => {
    const { seed, process, client } = connectedSeed({ process: { isStartedAtOnce: false } })
    process.emit({ type: 'process.startFailed', failure: 'notFound', message: 'no such file' })
    expect(client.requests).toEqual([{ name: 'exit-status', code: 127 }])
    expect((await seed.outcome).endedBy).toBe('failed')
  })

  it('state$ and command$ show the session, and complete with it', () => {
    const { seed, process } = seedWithClient()
    const phases: string[] = []
    const commands: string[] = []
    seed.state$.subscribe({
      next: ({ phase }) => phases.push(phase),
      complete: () => phases.push('complete'),
    })
    seed.command$.subscribe({
      next: ({ type }) => commands.push(type),
      complete: () => commands.push('complete'),
    })
    seed.makeConnection(process)
    seed.processEnded(exited(0))
    expect([...new Set(phases)]).toEqual([
      'deciding',
      'starting',
      'running',
      'draining',
      'closing',
      'ended',
      'complete',
    ])
    expect(commands).toEqual([
      'process.start',
      'channel.openWindow',
      'channel.reply',
      'channel.sendRequest',
      'channel.sendEof',
      'channel.close',
      'complete',
    ])
  })
})
