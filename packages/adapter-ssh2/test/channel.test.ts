import { afterEach, describe, expect, it } from '@jest/globals'
import type { TransportPort } from '@hawse/core'
import { once } from 'node:events'
import type * as Ssh2 from 'ssh2'
import { ssh2Channel, ssh2ChannelTransport } from '../src'
import { openSsh } from './support/open-ssh'
import { connectRaw, string, uint32, type RawClient } from './support/raw-client'
import { record } from './support/recorder'
import { ssh2Versions } from './support/ssh2-versions'
import { startServer, type TestServer } from './support/test-server'
import { until } from './support/until'

describe.each(ssh2Versions())('ssh2Channel over $name', ({ ssh2 }) => {
  const servers: TestServer[] = []
  const start = async (onSession: (session: Ssh2.Session) => void): Promise<TestServer> => {
    const onConnection = (client: Ssh2.Connection): void => {
      client.on('session', (accept) => onSession(accept()))
    }
    const server = await startServer({ ssh2, onConnection })
    servers.push(server)
    return server
  }
  afterEach(async () => {
    await Promise.all(servers.splice(0).map((server) => server.close()))
  })

  it('takes over the channel that an own listener accepts', async () => {
    const server = await start((session) => {
      session.on('exec', (accept) => {
        const channel = ssh2Channel(accept)
        expect(channelsOf(servers[0]?.connections[0])).toEqual({ 0: true })
        channel.perform({ type: 'channel.openWindow' })
        channel.perform({ type: 'channel.sendData', bytes: Buffer.from('hello') })
        const request = { name: 'exit-status', code: 6 } as const
        channel.perform({ type: 'channel.sendEof' })
        channel.perform({ type: 'channel.sendRequest', request, wantsReply: false })
        channel.perform({ type: 'channel.close' })
      })
    })
    const ssh = openSsh(server.port, 'x')
    expect(await ssh.ended).toBe(6)
    expect(ssh.stdout().toString()).toBe('hello')
  })

  it('shows the requests that ssh2 drops once a program runs', async () => {
    let port: TransportPort | undefined
    const server = await start((session) => {
      session.on('exec', (accept) => (port = ssh2ChannelTransport(accept)))
    })
    const client = await connectRaw(ssh2, server.port)
    const channel = await execute(client)
    client.send(Buffer.concat([Buffer.from([96]), uint32(channel)]))
    const signal = [string('signal'), Buffer.from([1]), string('USR1')]
    client.send(Buffer.concat([Buffer.from([98]), uint32(channel), ...signal]))
    await until('exec', () => port !== undefined)
    const session = record(port as TransportPort)
    expect(await session.request('signal')).toMatchObject({ signal: 'USR1' })
    client.end()
  })

  it('delivers first what ssh2 received before, within its window, and then the EOF', async () => {
    const channels: Ssh2.ServerChannel[] = []
    const server = await start((session) => session.on('exec', (accept) => channels.push(accept())))
    const client = await connectRaw(ssh2, server.port)
    const channel = await execute(client)
    sendData(client, channel, early)
    client.send(Buffer.concat([Buffer.from([93]), uint32(channel), uint32(500)]))
    client.send(Buffer.concat([Buffer.from([96]), uint32(channel)]))
    await until('EOF', () => stateOf(channels[0]) === 'eof')
    await until('WINDOW_ADJUST', () => client.received.at(-1)?.[0] === 93)
    const session = record(ssh2ChannelTransport(() => channels[0]))
    expect(session.data().equals(early)).toBe(true)
    expect(session.events.at(-1)).toMatchObject({ message: { type: 'eof' } })
    expect(session.port.parameters).toMatchObject({
      localWindowBytes: 2 ** 21 + grantedByteCount(client),
      localMaximumWindowBytes: 2 ** 21,
      remoteWindowBytes: 70_000 + 500,
      remoteMaximumPacketBytes: 20_000,
    })
    for (const event of session.events) expect(dataLength(event)).toBeLessThanOrEqual(2 ** 15)
    client.end()
  })

  it('re-opens no window itself, and lets ssh2 re-open none', async () => {
    const channels: Ssh2.ServerChannel[] = []
    const server = await start((session) => session.on('exec', (accept) => channels.push(accept())))
    const client = await connectRaw(ssh2, server.port)
    const channel = await execute(client)
    sendData(client, channel, early)
    await until('all of it', () => channels[0]?.readableLength === early.length)
    await until('WINDOW_ADJUST', () => client.received.at(-1)?.[0] === 93)
    const granted = grantedByteCount(client)
    const session = record(ssh2ChannelTransport(() => channels[0]))
    expect(session.data().equals(early)).toBe(true)
    session.send({ type: 'success' })
    await until('SUCCESS', () => client.received.at(-1)?.[0] === 99)
    expect(grantedByteCount(client)).toBe(granted)
    client.end()
  })

  it('says why nothing can be taken over when accept comes after the EOF', async () => {
    const accepts: (() => Ssh2.ServerChannel)[] = []
    let isAtEof = false
    const server = await start((session) => {
      session.on('eof', () => (isAtEof = true))
      session.on('exec', (accept) => accepts.push(accept))
    })
    const ssh = openSsh(server.port, 'x', '-n')
    await until('exec', () => accepts.length === 1)
    await until('EOF', () => isAtEof)
    const late = accepts[0] as () => Ssh2.ServerChannel
    expect(() => ssh2Channel(late)).toThrow(/accept\(\) returned nothing.*same tick/)
    ssh.child.kill('SIGKILL')
    await ssh.ended
  })

  it.each<[string, (channel: Ssh2.ServerChannel) => void, RegExp]>([
    ['taken over before', (channel) => ssh2ChannelTransport(() => channel), /taken over before/],
    ['ended before', (channel) => channel.end(), /ended or closed/],
    ['written to while its window is full', overfill, /ssh2 holds output/],
  ])('refuses a channel that was %s', async (_, use, message) => {
    const channels: Ssh2.ServerChannel[] = []
    const server = await start((session) => session.on('exec', (accept) => channels.push(accept())))
    const client = await connectRaw(ssh2, server.port)
    await execute(client)
    await until('exec', () => channels.length === 1)
    use(channels[0] as Ssh2.ServerChannel)
    expect(() => ssh2Channel(() => channels[0])).toThrow(message)
    client.end()
  })

  it('refuses the channel of an ssh2 client, and what is no channel', async () => {
    const server = await start((session) => session.on('exec', (accept) => accept()))
    const client = new ssh2.Client()
    client.on('error', () => undefined)
    client.connect({ host: '127.0.0.1', port: server.port, username: 'u', authHandler: ['none'] })
    await once(client, 'ready')
    const channel = await new Promise<Ssh2.ClientChannel>((resolve) =>
      client.exec('x', (_error, opened) => resolve(opened)),
    )
    expect(() => ssh2Channel(() => channel)).toThrow(/channel of an ssh2 client/)
    expect(() => ssh2Channel(() => ({}) as never)).toThrow(/lacks incoming.id/)
    client.end()
  })
})

function channelsOf(connection: Ssh2.Connection | undefined): unknown {
  return (connection as unknown as { readonly _chanMgr: { readonly _channels: unknown } })._chanMgr
    ._channels
}

/** More than the buffer of ssh2's Channel takes, and less than the windows it grants. */
const early = Buffer.alloc(2_220_000, 'early')

function sendData(client: RawClient, channel: number, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length; at += 30_000) {
    const data = bytes.subarray(at, at + 30_000)
    client.send(Buffer.concat([Buffer.from([94]), uint32(channel), uint32(data.length), data]))
  }
}

/** Sum of the WINDOW_ADJUSTs that have come. */
function grantedByteCount(client: RawClient): number {
  const adjusts = client.received.filter((payload) => payload[0] === 93)
  return adjusts.reduce((sum, payload) => sum + Buffer.from(payload).readUInt32BE(5), 0)
}

async function execute(client: RawClient): Promise<number> {
  const channel = await client.openSession(0, 70_000, 20_000)
  const request = [string('exec'), Buffer.from([1]), string('x')]
  client.send(Buffer.concat([Buffer.from([98]), uint32(channel), ...request]))
  await until('CHANNEL_SUCCESS', () => client.received.at(-1)?.[0] === 99)
  return channel
}

function overfill(channel: Ssh2.ServerChannel): void {
  channel.write(Buffer.alloc(100_000))
}

function stateOf(channel: Ssh2.ServerChannel | undefined): string {
  return (channel?.incoming as { readonly state: string }).state
}

function dataLength(event: { readonly type: string }): number {
  const { message } = event as { readonly message?: { readonly bytes?: Uint8Array } }
  return message?.bytes?.length ?? 0
}
