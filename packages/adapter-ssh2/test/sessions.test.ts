import { afterEach, describe, expect, it } from '@jest/globals'
import type { ChannelEvent, ChannelPort } from '@hawse/core'
import { connect, createServer, type AddressInfo } from 'node:net'
import { once } from 'node:events'
import type { Subscription } from 'rxjs'
import type * as Ssh2 from 'ssh2'
import { ssh2Sessions } from '../src'
import { openSsh } from './support/open-ssh'
import { connectRaw } from './support/raw-client'
import { ssh2Versions } from './support/ssh2-versions'
import { socketOf, startServer, type TestServer } from './support/test-server'
import { until } from './support/until'

describe.each(ssh2Versions())('ssh2Sessions over $name', ({ ssh2 }) => {
  const servers: TestServer[] = []
  const start = async (onConnection: (client: Ssh2.Connection) => void): Promise<TestServer> => {
    const server = await startServer({ ssh2, onConnection })
    servers.push(server)
    return server
  }
  afterEach(async () => {
    await Promise.all(servers.splice(0).map((server) => server.close()))
  })

  it('gives every session as a channel port that runs a command to its exit status', async () => {
    const server = await start((client) => ssh2Sessions(client).subscribe(echoInput))
    const ssh = openSsh(server.port, 'cat')
    ssh.child.stdin.end('to and fro')
    expect(await ssh.ended).toBe(5)
    expect(ssh.stdout().toString()).toBe('to and fro')
  })

  it('runs many sessions of one connection side by side', async () => {
    const server = await start((client) =>
      ssh2Sessions(client, { maximumSessions: 12 }).subscribe(echoInput),
    )
    const client = await connectClient(ssh2, server.port)
    const names = Array.from({ length: 12 }, (_, index) => `session ${String(index)}`)
    const outputs = names.map((name) => runThrough(client, name.repeat(20_000)))
    expect(await Promise.all(outputs)).toEqual(
      names.map((name) => ({ output: name.repeat(20_000), code: 5 })),
    )
    await end(client)
  })

  it("leaves only the number of a session in ssh2's own table of channels, until its end", async () => {
    const server = await start((client) => ssh2Sessions(client).subscribe(echoInput))
    const client = await connectClient(ssh2, server.port)
    const session = await execute(client)
    expect(channelsOf(server.connections[0])).toEqual({ 0: true })
    await finishThrough(session, 'x')
    const isEmpty = (): boolean => Object.keys(channelsOf(server.connections[0])).length === 0
    await until('the end of the channel', isEmpty)
    await end(client)
  })

  it('completes when the connection closes, after the last fact of its channels', async () => {
    const log: string[] = []
    const server = await start((client) =>
      ssh2Sessions(client).subscribe({
        next: (channel) => channel.event$.subscribe(({ type }) => log.push(type)),
        complete: () => log.push('complete'),
      }),
    )
    const client = await connectRaw(ssh2, server.port)
    await client.openSession(0, 1000, 1000)
    socketOf(client.client).destroy()
    await until(
      'completion',
      () => log.includes('complete'),
      () => log.join(),
    )
    expect(log).toEqual(['channel.lost', 'complete'])
  })

  it('completes at once on a connection that is closed', async () => {
    const server = await start(() => undefined)
    const client = await connectRaw(ssh2, server.port)
    client.end()
    const [connection] = server.connections
    await once(connection as Ssh2.Connection, 'close')
    let isComplete = false
    ssh2Sessions(connection as Ssh2.Connection).subscribe({ complete: () => (isComplete = true) })
    expect(isComplete).toBe(true)
  })

  it('refuses further sessions once unsubscribed, and lets the open ones live on', async () => {
    const subscriptions: Subscription[] = []
    const server = await start((client) =>
      subscriptions.push(ssh2Sessions(client).subscribe(echoInput)),
    )
    const client = await connectClient(ssh2, server.port)
    const first = await execute(client)
    subscriptions[0]?.unsubscribe()
    await expect(execute(client)).rejects.toThrow('Channel open failure')
    expect(await finishThrough(first, 'still here')).toEqual({ output: 'still here', code: 5 })
    await end(client)
  })

  it('errors where another listener has accepted the session', async () => {
    const errors: unknown[] = []
    const server = await start((client) => {
      client.on('session', (accept) => accept())
      ssh2Sessions(client).subscribe({ error: (error) => errors.push(error) })
    })
    const client = await connectRaw(ssh2, server.port)
    await client.openSession(0, 1000, 1000)
    expect(errors).toMatchObject([{ code: 'INVALID_ARGUMENT' }])
    expect(String(errors[0])).toContain('another listener')
    client.end()
  })

  it('leaves a forwarded port of the same connection to ssh2', async () => {
    const server = await start((client) => {
      ssh2Sessions(client).subscribe(echoInput)
      client.on('tcpip', (accept) => {
        const stream = accept()
        stream.pipe(stream)
      })
    })
    const client = await connectClient(ssh2, server.port)
    const session = await execute(client)
    const text = 'forwarded'.repeat(100_000)
    expect(await throughForward(client, text)).toBe(text)
    expect(await finishThrough(session, 'session')).toEqual({ output: 'session', code: 5 })
    await end(client)
  })

  it('carries a session beside a port forwarded by OpenSSH', async () => {
    const server = await start((client) => {
      ssh2Sessions(client).subscribe(echoInput)
      client.on('tcpip', (accept) => accept().end('from the far end'))
    })
    const port = await freePort()
    const ssh = openSsh(server.port, 'cat', '-L', `127.0.0.1:${String(port)}:far:80`, '-v')
    await until(
      'the session',
      () => /Entering interactive session/.test(ssh.stderr()),
      () => ssh.stderr(),
    )
    expect(await readAll(port)).toBe('from the far end')
    ssh.child.stdin.end('near')
    expect(await ssh.ended).toBe(5)
    expect(ssh.stdout().toString()).toBe('near')
  })
})

/** Answers any program request by a program that repeats its input and exits with 5. */
function echoInput(channel: ChannelPort): void {
  channel.event$.subscribe((event) => answer(channel, event))
}

function answer(channel: ChannelPort, event: ChannelEvent): void {
  if (event.type === 'channel.requested') {
    channel.perform({ type: 'channel.openWindow' })
    if (!event.wantsReply) return
    channel.perform({ type: 'channel.reply', requestId: event.requestId, isSuccess: true })
  }
  if (event.type === 'channel.dataReceived') {
    channel.perform({ type: 'channel.grant', byteCount: event.bytes.length })
    channel.perform({ type: 'channel.sendData', bytes: event.bytes })
  }
  if (event.type === 'channel.eofReceived') {
    channel.perform({ type: 'channel.sendRequest', request: exitStatus, wantsReply: false })
    channel.perform({ type: 'channel.sendEof' })
    channel.perform({ type: 'channel.close' })
  }
}

const exitStatus = { name: 'exit-status', code: 5 } as const

function channelsOf(connection: Ssh2.Connection | undefined): object {
  return (connection as unknown as { readonly _chanMgr: { readonly _channels: object } })._chanMgr
    ._channels
}

async function connectClient(ssh2: typeof Ssh2, port: number): Promise<Ssh2.Client> {
  const client = new ssh2.Client()
  client.on('error', () => undefined)
  client.connect({ host: '127.0.0.1', port, username: 'u', authHandler: ['none'] })
  await once(client, 'ready')
  return client
}

function execute(client: Ssh2.Client): Promise<Ssh2.ClientChannel> {
  return new Promise((resolve, reject) => {
    client.exec('cat', (error, channel) => (error === undefined ? resolve(channel) : reject(error)))
  })
}

interface Result {
  readonly output: string
  readonly code: number | null
}

async function runThrough(client: Ssh2.Client, input: string): Promise<Result> {
  return finishThrough(await execute(client), input)
}

function finishThrough(channel: Ssh2.ClientChannel, input: string): Promise<Result> {
  const chunks: Buffer[] = []
  channel.on('data', (chunk: Buffer) => chunks.push(chunk))
  channel.end(input)
  return new Promise((resolve) => {
    channel.on('close', (code: number | null) =>
      resolve({ output: Buffer.concat(chunks).toString(), code }),
    )
  })
}

function throughForward(client: Ssh2.Client, input: string): Promise<string> {
  return new Promise((resolve, reject) => {
    client.forwardOut('127.0.0.1', 1, 'far', 80, (error, channel) => {
      if (error !== undefined) return reject(error)
      resolve(finishThrough(channel, input).then(({ output }) => output))
    })
  })
}

async function end(client: Ssh2.Client): Promise<void> {
  client.end()
  await once(client, 'close')
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

async function readAll(port: number): Promise<string> {
  const socket = connect(port, '127.0.0.1')
  const chunks: Buffer[] = []
  socket.on('data', (chunk: Buffer) => chunks.push(chunk))
  await once(socket, 'close')
  return Buffer.concat(chunks).toString()
}
