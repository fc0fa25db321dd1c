import { describe, expect, it } from '@jest/globals'
import {
  handler,
  runSession,
  type ChannelEvent,
  type ChannelPort,
  type ChannelRequest,
  type HandlerOptions,
  type HandlerProgram,
  type SessionOptions,
} from '../../src'
import { memoryChannelPair, type MemoryTransportOptions } from '../../src/testing'

const encoder = new TextEncoder()
const decoder = new TextDecoder()

/** A client at the other end of a memory channel that runs one command and collects what it sees. */
function client(channel: ChannelPort) {
  const seen = {
    stdout: '',
    stderr: '',
    requests: [] as ChannelRequest[],
    replies: [] as boolean[],
  }
  const hear = (event: ChannelEvent): void => {
    if (event.type === 'channel.dataReceived') seen.stdout += decoder.decode(event.bytes)
    if (event.type === 'channel.extendedDataReceived') seen.stderr += decoder.decode(event.bytes)
    if (event.type === 'channel.requested') seen.requests.push(event.request)
    if (event.type === 'channel.replied') seen.replies.push(event.isSuccess)
    if (event.type === 'channel.closeReceived') channel.perform({ type: 'channel.close' })
  }
  channel.event$.subscribe(hear)
  const ask = (request: ChannelRequest): void =>
    channel.perform({ type: 'channel.sendRequest', request, wantsReply: true })
  return {
    seen,
    ask,
    exec: (command: string) =>
      ask({ name: 'exec', command, commandBytes: encoder.encode(command) }),
    type: (text: string) =>
      channel.perform({ type: 'channel.sendData', bytes: encoder.encode(text) }),
    eof: () => channel.perform({ type: 'channel.sendEof' }),
  }
}

function serve(
  program: HandlerProgram,
  options: {
    readonly session?: SessionOptions
    readonly transport?: MemoryTransportOptions
  } & HandlerOptions = {},
) {
  const { session: sessionOptions, transport, ...handlerOptions } = options
  const pair = memoryChannelPair(transport)
  const exec = handler(program, handlerOptions)
  const session = runSession(pair.server, { exec, shell: exec }, sessionOptions)
  return { ...client(pair.client), session, pair }
}

/** A client with a window of ten bytes, and marks that a few writes cross. */
const slowClient = {
  transport: { parameters: { remoteWindowBytes: 10, remoteMaximumPacketBytes: 50_000 } },
  session: { outputHighWaterMarkBytes: 50_000, outputLowWaterMarkBytes: 20_000 },
}

/** Lets a client whose window is full give back whatever it reads. */
function readOn({ client }: ReturnType<typeof memoryChannelPair>): void {
  client.event$.subscribe((event) => {
    if (event.type !== 'channel.dataReceived' && event.type !== 'channel.extendedDataReceived')
      return
    client.perform({ type: 'channel.grant', byteCount: event.bytes.length })
  })
  client.perform({ type: 'channel.grant', byteCount: 10 })
}

describe('handler', () => {
  it('runs a function as a program, with its words, and reports what it returns', async () => {
    const { exec, seen, session } = serve(async ({ stdout, stderr, args }) => {
      await stdout.write(`out ${args.join('|')}\n`)
      await stderr.write(encoder.encode('err\n'))
      return 3
    })
    exec(`greet 'a b' c`)
    await session.outcome
    expect(seen.stdout).toBe('out greet|a b|c\n')
    expect(seen.stderr).toBe('err\n')
    expect(seen.requests).toContainEqual({ name: 'exit-status', code: 3 })
  })

  it('returns 0 when the function returns nothing', async () => {
    const { exec, seen, session } = serve(() => undefined)
    exec('true')
    await session.outcome
    expect(seen.requests).toContainEqual({ name: 'exit-status', code: 0 })
  })

  it('reads its input until EOF, and still answers', async () => {
    const { exec, type, eof, seen, session } = serve(async ({ stdin, stdout }) => {
      const text = await stdin.text()
      await stdout.write(text.toUpperCase())
    })
    exec('upper')
    type('abc ')
    type('def')
    eof()
    const { traffic } = await session.outcome
    expect(seen.stdout).toBe('ABC DEF')
    expect(traffic.stdinBytes).toBe(7)
  })

  it('opens the window only for input that the function took', async () => {
    let take: () => void = () => undefined
    const { exec, type, session, pair } = serve(
      async ({ stdin }) => {
        await new Promise<void>((resolve) => (take = resolve))
        for await (const bytes of stdin) if (bytes.length === 0) return 1
        return 0
      },
      { transport: { parameters: { localWindowBytes: 1000, localMaximumWindowBytes: 1000 } } },
    )
    exec('slow')
    type('x'.repeat(900))
    const adjusts = () => pair.serverTransport.sent.filter(({ type }) => type === 'windowAdjust')
    expect(adjusts()).toEqual([])
    take()
    pair.client.perform({ type: 'channel.sendEof' })
    await session.outcome
    expect((await session.outcome).traffic.stdinBytes).toBe(900)
  })

  it('makes a writer wait while the client does not read, and loses nothing', async () => {
    let progress = 0
    const transport = { parameters: { remoteWindowBytes: 10, remoteMaximumPacketBytes: 10 } }
    const { exec, seen, session, pair } = serve(
      async ({ stdout }) => {
        for (progress = 0; progress < 100; progress += 1) await stdout.write('0123456789')
      },
      { transport, session: { outputHighWaterMarkBytes: 50, outputLowWaterMarkBytes: 20 } },
    )
    exec('flood')
    await new Promise(setImmediate)
    expect(progress).toBeLessThan(10)
    readOn(pair)
    await session.outcome
    expect(seen.stdout).toBe('0123456789'.repeat(100))
  })

  it('delivers what was written without waiting before it ends', async () => {
    const transport = { parameters: { remoteWindowBytes: 10, remoteMaximumPacketBytes: 10 } }
    const { exec, seen, session, pair } = serve(
      ({ stdout }) => {
        for (let count = 0; count < 20; count += 1) void stdout.write('0123456789')
        return 5
      },
      { transport, session: { outputHighWaterMarkBytes: 50, outputLowWaterMarkBytes: 20 } },
    )
    pair.client.event$.subscribe((event) => {
      if (event.type !== 'channel.dataReceived') return
      pair.client.perform({ type: 'channel.grant', byteCount: event.bytes.length })
    })
    exec('flood')
    await session.outcome
    expect(seen.stdout).toBe('0123456789'.repeat(20))
    expect(seen.requests).toContainEqual({ name: 'exit-status', code: 5 })
  })

  it('ends a program that writes far more than its client reads, without awaiting, after what waits', async () => {
    const errors: unknown[] = []
    const { exec, seen, session } = serve(
      async ({ stdout, signal }) => {
        for (let count = 0; count < 1_000; count += 1) void stdout.write('0123456789'.repeat(1_000))
        await new Promise<void>((resolve) => signal.addEventListener('abort', resolve))
      },
      { onError: (error) => errors.push(error), maximumWaitingBytes: 100_000 },
    )
    exec('flood')
    const { exit } = await session.outcome
    expect(exit).toEqual({ kind: 'exited', code: 1 })
    // Seven writes are passed on in the turn of the program, 65,536 bytes or more, and ten wait.
    expect(seen.stdout).toBe('0123456789'.repeat(17_000))
    await new Promise(setImmediate)
    expect(errors).toEqual([expect.objectContaining({ code: 'OUTPUT_OVERFLOW' })])
  })

  it('counts what writes too much as failed, also where it returns at once', async () => {
    const refusals: unknown[] = []
    const { exec, seen, session } = serve(
      ({ stdout }) => {
        const writes = Array.from({ length: 200 }, () => stdout.write('0123456789'.repeat(1_000)))
        for (const write of writes) write.catch((error: unknown) => refusals.push(error))
        return 0
      },
      { maximumWaitingBytes: 100_000 },
    )
    exec('flood')
    expect((await session.outcome).exit).toEqual({ kind: 'exited', code: 1 })
    expect(seen.stdout).toBe('0123456789'.repeat(17_000))
    expect(refusals).toHaveLength(200 - 17)
    expect(new Set(refusals)).toEqual(
      new Set([expect.objectContaining({ code: 'OUTPUT_OVERFLOW' })]),
    )
  })

  it('counts what goes on to write too much after it has returned as failed', async () => {
    const chunk = '0123456789'.repeat(10_000)
    const { exec, session, pair } = serve(
      ({ stdout }) => {
        for (let count = 0; count < 2; count += 1) void stdout.write(chunk)
        setImmediate(() => {
          for (let count = 0; count < 3; count += 1) void stdout.write(chunk)
        })
        return 0
      },
      { ...slowClient, maximumWaitingBytes: 150_000 },
    )
    exec('flood')
    await new Promise(setImmediate)
    await new Promise(setImmediate)
    readOn(pair)
    expect((await session.outcome).exit).toEqual({ kind: 'exited', code: 1 })
  })

  it('takes awaited writes of any length', async () => {
    const { exec, seen, session, pair } = serve(
      async ({ stdout }) => {
        for (let count = 0; count < 5; count += 1) await stdout.write('0123456789'.repeat(10_000))
        return 6
      },
      { ...slowClient, maximumWaitingBytes: 1_000 },
    )
    exec('print')
    await new Promise(setImmediate)
    readOn(pair)
    expect((await session.outcome).exit).toEqual({ kind: 'exited', code: 6 })
    expect(seen.stdout).toBe('0123456789'.repeat(50_000))
  })

  it.each([Number.NaN, -1])('refuses to hold at most %s bytes', (maximumWaitingBytes) => {
    expect(() => handler(() => 0, { maximumWaitingBytes })).toThrow('maximumWaitingBytes is')
  })

  it('shows the client that it failed, tells the owner why, and ends with status 1', async () => {
    const errors: unknown[] = []
    const secret = new Error('password of the database')
    const { exec, seen, session } = serve(
      () => {
        throw secret
      },
      { onError: (error) => errors.push(error) },
    )
    exec('fail')
    await session.outcome
    expect(seen.stderr).toBe('the program failed\n')
    expect(seen.requests).toContainEqual({ name: 'exit-status', code: 1 })
    await new Promise(setImmediate)
    expect(errors).toEqual([secret])
  })

  it('survives an onError that throws itself', async () => {
    const { exec, session } = serve(() => Promise.reject(new Error('first')), {
      onError: () => {
        throw new Error('second')
      },
    })
    exec('fail')
    const { exit } = await session.outcome
    expect(exit).toEqual({ kind: 'exited', code: 1 })
    await new Promise(setImmediate)
  })

  it('hears signals it subscribed to, and dies of others', async () => {
    const { exec, ask, session } = serve(
      ({ receivedSignal$ }) =>
        new Promise<number>((resolve) => receivedSignal$.subscribe(() => resolve(9))),
    )
    exec('wait')
    ask({ name: 'signal', signal: 'TERM' })
    expect((await session.outcome).exit).toEqual({ kind: 'exited', code: 9 })

    const deaf = serve(() => new Promise<number>(() => undefined))
    deaf.exec('wait')
    deaf.ask({ name: 'signal', signal: 'TERM' })
    expect((await deaf.session.outcome).exit).toMatchObject({ kind: 'signaled', signal: 'TERM' })
  })

  it('sends itself a signal, as raise(3)', async () => {
    const { exec, session } = serve(
      ({ receivedSignal$, raise }) =>
        new Promise<number>((resolve) => {
          receivedSignal$.subscribe((signal) => resolve(signal === 'USR1' ? 9 : 1))
          raise('USR1')
        }),
    )
    exec('raise')
    expect((await session.outcome).exit).toEqual({ kind: 'exited', code: 9 })

    const deaf = serve(({ raise }) => {
      raise('INT')
      return new Promise<number>(() => undefined)
    })
    deaf.exec('raise')
    expect((await deaf.session.outcome).exit).toMatchObject({ kind: 'signaled', signal: 'INT' })
  })

  it('is killed by KILL whatever it subscribed to', async () => {
    const { exec, ask, session } = serve(({ receivedSignal$ }) => {
      receivedSignal$.subscribe()
      return new Promise<number>(() => undefined)
    })
    exec('wait')
    ask({ name: 'signal', signal: 'KILL' })
    expect((await session.outcome).exit).toMatchObject({ kind: 'signaled', signal: 'KILL' })
  })

  it('knows its terminal and hears of new sizes', async () => {
    const size = { columns: 80, rows: 24, widthPixels: 0, heightPixels: 0 }
    const { ask, seen, session } = serve(
      ({ pty, resize$, stdout }) =>
        new Promise((resolve) => {
          resize$.subscribe(({ columns }) => {
            void stdout.write(`${pty?.term ?? ''} ${String(pty?.size.columns)} ${String(columns)}`)
            resolve(0)
          })
        }),
    )
    ask({ name: 'pty-req', terminal: { term: 'xterm', size, modes: new Map() } })
    ask({ name: 'shell' })
    ask({ name: 'window-change', size: { ...size, columns: 132 } })
    await session.outcome
    expect(seen.stdout).toBe('xterm 80 132')
    expect(seen.replies).toEqual([true, true, true])
  })

  it('is told by its abort signal that the client has gone, and a writer ends as by SIGPIPE', async () => {
    const { exec, session, pair } = serve(async ({ stdout, signal }) => {
      await new Promise<void>((resolve) => signal.addEventListener('abort', resolve))
      for (;;) await stdout.write('more')
    })
    exec('yes')
    pair.serverTransport.lose('cut')
    const outcome = await session.outcome
    expect(outcome.endedBy).toBe('connectionLost')
    expect(outcome.exit).toMatchObject({ kind: 'signaled', signal: 'PIPE' })
  })
})
