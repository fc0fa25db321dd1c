import { once, type EventEmitter } from 'node:events'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { openSsh } from './support/open-ssh'
import { connectRaw } from './support/raw-client'
import { startSessionServer, type SessionServer } from './support/session-server'
import { ssh2Versions } from './support/ssh2-versions'
import { socketOf } from './support/test-server'

describe.each(ssh2Versions())('the end of a connection over $name', ({ ssh2 }) => {
  let server: SessionServer
  beforeEach(async () => {
    server = await startSessionServer(ssh2)
  })
  afterEach(() => server.close())

  it('tells every session when the client is killed, as the last fact', async () => {
    const client = await connectRaw(ssh2, server.port)
    await client.openSession(0, 1000, 1000)
    await client.openSession(1, 1000, 1000)
    socketOf(client.client).destroy()
    for (const session of [await server.session(0), await server.session(1)]) {
      const { reason } = await session.event('transport.lost')
      expect(reason).toBe('the client closed the connection')
      expect(session.events.at(-1)).toEqual({ type: 'transport.lost', reason })
      expect(session.isComplete()).toBe(true)
    }
  })

  it('survives a reset without any listener for errors', async () => {
    const client = await connectRaw(ssh2, server.port)
    await client.openSession(0, 1000, 1000)
    const session = await server.session(0)
    socketOf(client.client).resetAndDestroy()
    expect(await session.event('transport.lost')).toMatchObject({
      reason: 'connection failed: read ECONNRESET',
    })
  })

  it('does not throw when an output is sent after a compressed connection was killed', async () => {
    const ssh = openSsh(server.port, 'cat', '-C')
    const session = await server.session(0)
    await session.request('exec')
    ssh.child.kill('SIGKILL')
    await session.event('transport.lost')
    session.send({ type: 'data', bytes: new Uint8Array(1000) }, { type: 'close' })
    expect(session.events.at(-1)?.type).toBe('transport.lost')
  })

  it.each(['-C', '-4'])(
    'reports a send that ssh2 can no longer make as the loss of the connection (%s)',
    async (option) => {
      const ssh = openSsh(server.port, 'cat', option)
      const session = await server.session(0)
      await session.request('exec')
      // What ssh2 does as soon as it sees the end of the socket, before it tells anybody.
      protocolOf(server.connections[0]).cleanup()
      session.send({ type: 'data', bytes: new Uint8Array(1000) })
      expect(session.events.at(-1)).toMatchObject({ type: 'transport.lost' })
      socketOf(server.connections[0] as never).destroy()
      expect(await ssh.ended).toBe(255)
    },
  )

  it('turns what ssh2 throws while sending into the loss of the connection', async () => {
    const ssh = openSsh(server.port, 'cat', '-C')
    const session = await server.session(0)
    await session.request('exec')
    protocolOf(server.connections[0])._packetRW.write.cleanup()
    session.send({ type: 'data', bytes: new Uint8Array(1000) })
    expect(session.events.at(-1)).toEqual({
      type: 'transport.lost',
      reason: 'sending failed: Error: Invalid Zlib instance',
    })
    expect(await ssh.ended).toBe(255)
  })

  it('cuts a client off that stopped answering keep-alives', async () => {
    const config = { keepaliveInterval: 50, keepaliveCountMax: 2 }
    const strict = await startSessionServer(ssh2, undefined, config)
    const ssh = openSsh(strict.port, 'cat')
    const session = await strict.session(0)
    await session.request('exec')
    ssh.child.kill('SIGSTOP')
    expect(await session.event('transport.lost')).toMatchObject({
      reason: 'connection failed: Keepalive timeout',
    })
    expect(socketOf(strict.connections[0] as never).destroyed).toBe(true)
    ssh.child.kill('SIGKILL')
    await Promise.all([ssh.ended, strict.close()])
  })

  it('ends the connection with a reason that the client shows', async () => {
    const ssh = openSsh(server.port, 'cat')
    const session = await server.session(0)
    await session.request('exec')
    const description = 'peer sent too much'
    session.port.perform({ type: 'transport.disconnect', reasonCode: 2, description })
    expect(session.events.at(-1)).toEqual({
      type: 'transport.lost',
      reason: 'disconnected: peer sent too much',
    })
    expect(await ssh.ended).toBe(255)
    expect(ssh.stderr()).toMatch(
      /Received disconnect from 127.0.0.1 port \d+:2: peer sent too much/,
    )
  })

  it('tells a session that is opened after the end that the connection is gone', async () => {
    const client = await connectRaw(ssh2, server.port)
    await client.openSession(0, 1000, 1000)
    const first = await server.session(0)
    let isLate = false
    server.connections[0]?.on('session', () => (isLate = true))
    first.port.perform({ type: 'transport.disconnect', reasonCode: 11, description: 'bye' })
    expect(isLate).toBe(false)
    server.connections[0]?.emit(
      'session',
      () => fakeSession(),
      () => undefined,
    )
    const second = await server.session(1)
    expect(second.events).toEqual([{ type: 'transport.lost', reason: 'disconnected: bye' }])
    client.end()
  })

  it('says and does nothing after release', async () => {
    const client = await connectRaw(ssh2, server.port)
    await client.openSession(0, 1000, 1000)
    const session = await server.session(0)
    session.port.perform({ type: 'transport.release' })
    expect(session.isComplete()).toBe(true)
    session.send({ type: 'data', bytes: new Uint8Array(1) })
    session.port.perform({ type: 'transport.disconnect', reasonCode: 11, description: 'bye' })
    await client.openSession(1, 1000, 1000)
    expect(client.received.map((payload) => payload[0])).toEqual([91, 91])
    expect(session.events).toEqual([])
    client.end()
  })
})

describe.each(ssh2Versions().slice(0, 1))('a client of $name that is half gone', ({ ssh2 }) => {
  it('does not hold the socket by leaving its output unread', async () => {
    const server = await startSessionServer(ssh2)
    const client = await connectRaw(ssh2, server.port)
    await client.openSession(0, 2 ** 31 - 1, 32_768)
    const session = await server.session(0)
    const socket = socketOf(client.client)
    socket.pause()
    while (!session.events.some(({ type }) => type === 'transport.blocked')) {
      session.send({ type: 'data', bytes: new Uint8Array(32_768) })
    }
    const closed = once(server.connections[0] as EventEmitter, 'close')
    socket.end()
    await session.event('transport.lost')
    await closed
    expect(socket.destroyed).toBe(false)
    client.end()
    await server.close()
  })
})

interface ProtocolInside {
  cleanup(): void
  readonly _packetRW: { readonly write: { cleanup(): void } }
}

function protocolOf(connection: unknown): ProtocolInside {
  return (connection as { readonly _protocol: ProtocolInside })._protocol
}

function fakeSession(): object {
  const end = { id: 9, window: 1, packetSize: 1, state: 'open' }
  const listen = (): void => undefined
  return { on: listen, removeListener: listen, _chanInfo: { incoming: end, outgoing: end } }
}
