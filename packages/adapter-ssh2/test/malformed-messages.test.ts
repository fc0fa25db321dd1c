import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { isHawseError, type TransportPort } from '@hawse/core'
import { connectRaw, string, uint32, type RawClient } from './support/raw-client'
import { startSessionServer, type SessionServer } from './support/session-server'
import { ssh2Versions } from './support/ssh2-versions'
import { socketOf } from './support/test-server'

describe.each(ssh2Versions())('what a faulty client sends over $name', ({ ssh2 }) => {
  let server: SessionServer
  let client: RawClient
  beforeEach(async () => {
    server = await startSessionServer(ssh2)
    client = await connectRaw(ssh2, server.port)
  })
  afterEach(async () => {
    client.end()
    await server.close()
  })

  it('reports a request that is cut short, and leaves the end to its user', async () => {
    const channel = await client.openSession(0, 1000, 1000)
    client.send(Buffer.concat([Buffer.from([98]), uint32(channel), uint32(100)]))
    const session = await server.session(0)
    const { error } = await session.event('transport.malformedReceived')
    expect(isHawseError(error) && error.code).toBe('MALFORMED_MESSAGE')
    client.send(Buffer.concat([Buffer.from([94]), uint32(channel), string('on')]))
    await session.message(({ type }) => type === 'data')
    expect(session.data().toString()).toBe('on')
  })

  it('reports a pty-req that ssh2 would drop the connection for', async () => {
    const channel = await client.openSession(0, 1000, 1000)
    const modes = Buffer.concat([Buffer.from([1]), uint32(0xff000001), Buffer.from([0])])
    const fields = [string('pty-req'), Buffer.from([1]), string('xterm'), ...sizes.map(uint32)]
    const length = uint32(modes.length)
    client.send(Buffer.concat([Buffer.from([98]), uint32(channel), ...fields, length, modes]))
    const session = await server.session(0)
    const { terminal } = await session.request('pty-req')
    expect(terminal.modes.get(1)).toBe(0xff000001)
  })

  it('never writes to a client whose largest packet is 0 bytes', async () => {
    await client.openSession(0, 1000, 0)
    const { port } = await server.session(0)
    expect(port.parameters).toMatchObject({ remoteWindowBytes: 1000, remoteMaximumPacketBytes: 0 })
  })

  it.each([
    ['the maximum packet size', [5, 1000]],
    ['the window', [5]],
    ['its number', []],
  ])('reports an open that lacks %s', async (_, numbers) => {
    client.send(Buffer.concat([Buffer.from([90]), string('session'), ...numbers.map(uint32)]))
    const session = await server.session(0)
    const { error } = await session.event('transport.malformedReceived')
    expect(error.message).toContain('CHANNEL_OPEN is malformed')
    expect(session.port.parameters.remoteMaximumPacketBytes).toBe(0)
  })

  it('caps the largest packet to what every client takes', async () => {
    await client.openSession(0, 2 ** 32 - 1, 2 ** 32 - 1)
    const { port } = await server.session(0)
    expect(port.parameters).toMatchObject({
      remoteWindowBytes: 2 ** 32 - 1,
      remoteMaximumPacketBytes: 2 ** 15,
    })
  })

  it('gives tiny data memory of their own, and so lets no client keep whole chunks alive', async () => {
    const channel = await client.openSession(0, 1000, 1000)
    const session = await server.session(0)
    const ignored = Buffer.concat([Buffer.from([2]), string('x'.repeat(30_000))])
    for (let count = 0; count < 50; count += 1) {
      client.send(Buffer.concat([Buffer.from([94]), uint32(channel), string('d')]))
      client.send(ignored)
    }
    client.send(Buffer.concat([Buffer.from([96]), uint32(channel)]))
    await session.message(({ type }) => type === 'eof')
    const kept = session.events.flatMap((event) =>
      event.type === 'transport.messageReceived' && event.message.type === 'data'
        ? [event.message.bytes.buffer]
        : [],
    )
    expect(kept).toHaveLength(50)
    const keptByteCount = [...new Set(kept)].reduce((sum, buffer) => sum + buffer.byteLength, 0)
    expect(keptByteCount).toBeLessThan(5_000)
  })

  it.each([
    ['CHANNEL_OPEN_CONFIRMATION', 91],
    ['CHANNEL_OPEN_FAILURE', 92],
    ['CHANNEL_DATA', 94],
    ['CHANNEL_EXTENDED_DATA', 95],
    ['CHANNEL_EOF', 96],
    ['CHANNEL_CLOSE', 97],
    ['CHANNEL_REQUEST', 98],
  ])('ends the connection of a client whose %s is for no channel', async (name, number) => {
    await client.openSession(0, 1000, 1000)
    const session = await server.session(0)
    client.send(Buffer.concat([Buffer.from([number]), uint32(77), string('nobody')]))
    const { reason } = await session.event('transport.lost')
    expect(reason).toBe(`disconnected: ${name} for channel 77, which is not open`)
  })

  it.each([
    ['CHANNEL_WINDOW_ADJUST', 93, uint32(1)],
    ['CHANNEL_SUCCESS', 99, Buffer.alloc(0)],
    ['CHANNEL_FAILURE', 100, Buffer.alloc(0)],
  ])('minds no %s that is for no channel', async (_, number, fields) => {
    const channel = await client.openSession(0, 1000, 1000)
    const session = await server.session(0)
    client.send(Buffer.concat([Buffer.from([number]), uint32(77), fields]))
    client.send(Buffer.concat([Buffer.from([96]), uint32(channel)]))
    await session.message(({ type }) => type === 'eof')
    expect(session.events).toHaveLength(1)
  })

  it('takes the largest number of a channel for none of its own', async () => {
    await client.openSession(0, 1000, 1000)
    const session = await server.session(0)
    client.send(Buffer.concat([Buffer.from([96]), uint32(2 ** 32 - 1)]))
    const { reason } = await session.event('transport.lost')
    expect(reason).toContain('channel 4294967295')
  })

  it('lets pass what comes in one go with the last message of a channel, and nothing later', async () => {
    const channel = await client.openSession(0, 1000, 1000)
    const other = await client.openSession(1, 1000, 1000)
    const [session, neighbour] = [await server.session(0), await server.session(1)]
    session.port.event$.subscribe((event) => {
      if (event.type === 'transport.messageReceived') release(session.port)
    })
    socketOf(client.client).cork()
    client.send(Buffer.concat([Buffer.from([97]), uint32(channel)]))
    client.send(Buffer.concat([Buffer.from([96]), uint32(channel)]))
    client.send(Buffer.concat([Buffer.from([96]), uint32(other)]))
    socketOf(client.client).uncork()
    await neighbour.message(({ type }) => type === 'eof')
    expect(neighbour.events).toHaveLength(1)
    client.send(Buffer.concat([Buffer.from([96]), uint32(channel)]))
    const { reason } = await neighbour.event('transport.lost')
    expect(reason).toContain(`channel ${String(channel)}, which is not open`)
  })
})

/** Both ends are through with the channel. */
function release(port: TransportPort): void {
  port.perform({ type: 'transport.release' })
}

const sizes = [80, 24, 0, 0]
