import { afterEach, describe, expect, it } from '@jest/globals'
import {
  bridge,
  decodeChannelMessage,
  encodeChannelMessage,
  handler,
  refuse,
  runSession,
  type ChannelMessage,
  type ChannelRequest,
  type Decision,
  type ExecRequest,
  type SessionResult,
} from '@hawse/core'
import type * as Ssh2 from 'ssh2'
import { ssh2Channel, ssh2Sessions } from '../src'
import { openSsh } from './support/open-ssh'
import { connectRaw, type RawClient } from './support/raw-client'
import { ssh2Versions } from './support/ssh2-versions'
import { startServer, type TestServer } from './support/test-server'
import { until } from './support/until'

/** A decision that takes its time is what is tested here: it falls this much after the request. */
const decisionDelayMs = 100

const echo = handler(async ({ stdin, stdout, stderr }) => {
  for await (const bytes of stdin) await stdout.write(bytes)
  await stderr.write('end of input\n')
  return 7
})

describe.each(ssh2Versions())('row 5: a decision that falls late, over $name', ({ ssh2 }) => {
  const servers: TestServer[] = []
  const outcomes: Promise<SessionResult>[] = []

  afterEach(async () => {
    await Promise.all(servers.splice(0).map((server) => server.close()))
    outcomes.length = 0
  })

  async function serve(exec: (request: ExecRequest) => Decision): Promise<TestServer> {
    return start((client) =>
      ssh2Sessions(client, { maximumSessions: 24 }).subscribe((channel) => {
        outcomes.push(runSession(channel, { exec }).outcome)
      }),
    )
  }

  async function start(onConnection: (client: Ssh2.Connection) => void): Promise<TestServer> {
    const server = await startServer({ ssh2, onConnection })
    servers.push(server)
    return server
  }

  it('runs the command of a client that has sent EOF already (ssh -n)', async () => {
    const server = await serve((request) => late(() => echo(request)))
    const ssh = openSsh(server.port, 'echo', '-n')
    expect(await ssh.ended).toBe(7)
    expect(ssh.stderr()).toContain('end of input')
  })

  it('loses nothing of the input and its end that came before it', async () => {
    const server = await serve((request) => late(() => echo(request)))
    const ssh = openSsh(server.port, 'echo')
    const input = 'early '.repeat(200_000)
    ssh.child.stdin.end(input)
    expect(await ssh.ended).toBe(7)
    expect(ssh.stdout().toString()).toBe(input)
  })

  it('refuses with a reason that the client shows', async () => {
    const server = await serve(() => late(() => refuse('no such repository')))
    const ssh = openSsh(server.port, 'git-upload-pack x', '-n')
    expect(await ssh.ended).toBe(255)
    expect(ssh.stderr()).toContain('no such repository')
    expect((await outcomes[0])?.endedBy).toBe('policy')
  })

  it('survives a handler that rejects', async () => {
    const server = await serve(() =>
      late<never>(() => {
        throw new Error('database is down')
      }),
    )
    const ssh = openSsh(server.port, 'x', '-n')
    expect(await ssh.ended).toBe(255)
    expect(ssh.stderr()).toContain('the exec handler of this server failed')
    expect(ssh.stderr()).not.toContain('database')
    expect((await outcomes[0])?.reason).toContain('database is down')
    const again = openSsh(server.port, 'x', '-n')
    expect(await again.ended).toBe(255)
  })

  it('starts nothing for a client that has gone, and tells the handler', async () => {
    let isAsked = false
    let isAborted = false
    let isStarted = false
    const server = await serve(({ signal, ...request }) => {
      isAsked = true
      signal.addEventListener('abort', () => (isAborted = true))
      return new Promise((resolve) => {
        signal.addEventListener('abort', () =>
          resolve(handler(() => void (isStarted = true))({ ...request, signal })),
        )
      })
    })
    const ssh = openSsh(server.port, 'x')
    await until('the request', () => isAsked)
    ssh.child.kill('SIGKILL')
    expect((await outcomes[0])?.endedBy).toBe('connectionLost')
    expect(isAborted).toBe(true)
    expect(isStarted).toBe(false)
  })

  it('answers each request once, in order, and delivers a signal sent after EOF', async () => {
    const server = await serve((request) =>
      late(() =>
        handler(
          ({ receivedSignal$ }) =>
            new Promise<number>((resolve) => receivedSignal$.subscribe(() => resolve(9))),
        )(request),
      ),
    )
    const client = await connectRaw(ssh2, server.port)
    const channel = await client.openSession(3, 1_000_000, 30_000)
    const bytes = new TextEncoder().encode('x')
    ask(client, channel, { name: 'env', variable: 'FOO', value: 'x', valueBytes: bytes })
    ask(client, channel, { name: 'exec', command: 'x', commandBytes: bytes })
    ask(client, channel, { name: 'exec', command: 'x', commandBytes: bytes })
    client.send(encodeChannelMessage(channel, { type: 'eof' }))
    ask(client, channel, {
      name: 'window-change',
      size: { columns: 1, rows: 1, widthPixels: 0, heightPixels: 0 },
    })
    ask(client, channel, { name: 'signal', signal: 'TERM' })
    ask(client, channel, {
      name: 'unknown',
      requestType: 'winadj@putty.projects.tartarus.org',
      data: new Uint8Array(),
    })
    await until('CLOSE', () => messages(client).some(({ type }) => type === 'close'))
    const replies = messages(client)
      .map(({ type }) => type)
      .filter((type) => /success|failure/.test(type))
    expect(replies).toEqual(['failure', 'success', 'failure', 'success', 'success', 'failure'])
    expect(messages(client)).toContainEqual({
      type: 'request',
      request: { name: 'exit-status', code: 9 },
      wantsReply: false,
    })
    client.end()
  })

  it('answers and delivers in every order what comes before it, as if it had not been late', async () => {
    const server = await serve((request) => late(() => echo(request)))
    const client = await connectRaw(ssh2, server.port)
    const orders = permutationsOf(['resize', 'signal', 'data', 'eof'] as const)
    for (const [ownChannel, order] of orders.entries()) {
      const channel = await client.openSession(ownChannel, 1_000_000, 30_000)
      for (const name of ['exec', ...order] as const) {
        client.send(encodeChannelMessage(channel, early[name]))
      }
    }
    for (const [ownChannel, order] of orders.entries()) {
      const received = (): readonly ChannelMessage[] => messages(client, ownChannel)
      await until('CLOSE', () => received().some(({ type }) => type === 'close'))
      const replies = received().filter(({ type }) => /success|failure/.test(type))
      const asked = order.filter((name) => early[name].type === 'request')
      expect({ order, replies: replies.map(({ type }) => type) }).toEqual({
        order,
        replies: ['success', ...asked.map((name) => (name === 'resize' ? 'success' : 'failure'))],
      })
      const data = received().flatMap((message) => (message.type === 'data' ? [message.bytes] : []))
      const isEarly = order.indexOf('data') < order.indexOf('eof')
      expect(Buffer.concat(data).toString()).toBe(isEarly ? 'in' : '')
    }
    client.end()
  })

  it('answers a CLOSE that comes before it at once, and starts nothing', async () => {
    let isStarted = false
    let decide = (): void => undefined
    const isDecided = new Promise<void>((resolve) => (decide = resolve))
    const server = await serve(async (request) => {
      await isDecided
      return handler(() => void (isStarted = true))(request)
    })
    const client = await connectRaw(ssh2, server.port)
    const channel = await client.openSession(0, 1_000_000, 30_000)
    for (const name of ['exec', 'data', 'signal', 'eof'] as const) {
      client.send(encodeChannelMessage(channel, early[name]))
    }
    client.send(encodeChannelMessage(channel, { type: 'close' }))
    await until('CLOSE', () => messages(client, 0).some(({ type }) => type === 'close'))
    expect((await outcomes[0])?.endedBy).toBe('peerClose')
    decide()
    const next = await client.openSession(1, 1_000_000, 30_000)
    client.send(encodeChannelMessage(next, { type: 'close' }))
    await until('CLOSE', () => messages(client, 1).some(({ type }) => type === 'close'))
    expect(isStarted).toBe(false)
    client.end()
  })

  it('bridges a channel that other code accepted to a process that comes late', async () => {
    const server = await start((client) => {
      client.on('session', (accept) => {
        accept().on('exec', (acceptExec) => {
          const request = {} as ExecRequest
          bridge(ssh2Channel(acceptExec), () => late(() => echo({ ...request, command: 'echo' })))
        })
      })
    })
    const ssh = openSsh(server.port, 'echo')
    ssh.child.stdin.end('to and fro')
    expect(await ssh.ended).toBe(7)
    expect(ssh.stdout().toString()).toBe('to and fro')
  })
})

function late<Value>(decide: () => Value): Promise<Value> {
  return new Promise((resolve) => setTimeout(resolve, decisionDelayMs)).then(decide)
}

function ask(client: RawClient, channel: number, request: ChannelRequest): void {
  client.send(encodeChannelMessage(channel, { type: 'request', request, wantsReply: true }))
}

/** What came for the client's channel of this number, or for any. */
function messages(client: RawClient, ownChannel?: number): readonly ChannelMessage[] {
  return client.received
    .filter((payload) => (payload[0] ?? 0) >= 93)
    .map((payload) => decodeChannelMessage(payload))
    .filter(({ recipientChannel }) => ownChannel === undefined || recipientChannel === ownChannel)
    .map(({ message }) => message)
}

const command = { name: 'exec', command: 'x', commandBytes: Buffer.from('x') } as const
const size = { columns: 1, rows: 1, widthPixels: 0, heightPixels: 0 }

/** What a client sends in a hurry. */
const early = {
  exec: asked(command),
  resize: asked({ name: 'window-change', size }),
  signal: asked({ name: 'signal', signal: 'NONE' }),
  data: { type: 'data', bytes: Buffer.from('in') },
  eof: { type: 'eof' },
} as const satisfies Record<string, ChannelMessage>

function asked(request: ChannelRequest): ChannelMessage & { readonly type: 'request' } {
  return { type: 'request', request, wantsReply: true }
}

function permutationsOf<Item>(items: readonly Item[]): readonly (readonly Item[])[] {
  if (items.length <= 1) return [items]
  return items.flatMap((item, index) =>
    permutationsOf(items.filter((_, place) => place !== index)).map((order) => [item, ...order]),
  )
}
