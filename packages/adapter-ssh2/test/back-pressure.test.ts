import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { createHash } from 'node:crypto'
import type { Socket } from 'node:net'
import { socketBacklogBytes } from '../src/connection'
import { connectRaw, type RawClient } from './support/raw-client'
import type { Recorder } from './support/recorder'
import { startSessionServer, type SessionServer } from './support/session-server'
import { ssh2Versions } from './support/ssh2-versions'
import { socketOf } from './support/test-server'
import { until } from './support/until'

const packet = { type: 'data', bytes: new Uint8Array(32_768) } as const
const window = 2 ** 31 - 1

describe.each(ssh2Versions())('back-pressure over $name', ({ ssh2 }) => {
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

  it('blocks when a client stops reading its socket, whatever its window, and delivers all', async () => {
    await client.openSession(0, window, 32_768)
    const session = await server.session(0)
    socketOf(client.client).pause()
    const sent = fill(session)
    expect(serverSocket(server).writableLength).toBeGreaterThanOrEqual(socketBacklogBytes)
    expect(serverSocket(server).writableLength).toBeLessThan(socketBacklogBytes + 40_000)
    session.send({ type: 'eof' })
    socketOf(client.client).resume()
    await session.event('transport.unblocked')
    await until('EOF', () => client.received.at(-1)?.[0] === 96)
    expect(client.received.filter((payload) => payload[0] === 94)).toHaveLength(sent)
  })

  it('unblocks every channel in turn, so that none starves beside a greedy one', async () => {
    for (const own of [0, 1, 2]) await client.openSession(own, window, 32_768)
    const sessions = await Promise.all([0, 1, 2].map((index) => server.session(index)))
    const counts = sessions.map(() => 0)
    sessions.forEach((session, index) => {
      session.port.event$.subscribe((event) => {
        if (event.type === 'transport.unblocked')
          counts[index] = (counts[index] ?? 0) + fill(session)
      })
    })
    fill(sessions[0] as Recorder)
    for (const session of sessions) expect(isBlocked(session)).toBe(true)
    await until(
      '50 turns each',
      () => counts.every((count) => count > 50),
      () => counts.join(),
    )
    for (const { events } of sessions) {
      expect(events.map(({ type }) => type)).toEqual(events.map((_, at) => alternately[at % 2]))
    }
  })

  it('tells a channel that is opened while blocked', async () => {
    await client.openSession(0, window, 32_768)
    socketOf(client.client).pause()
    await fillUp(await server.session(0))
    client.send(openSession)
    const second = await server.session(1)
    expect(second.events[0]).toEqual({ type: 'transport.blocked' })
    socketOf(client.client).resume()
    await second.event('transport.unblocked')
  })

  it('writes all that is sent in one turn at once, behind what ssh2 sends itself', async () => {
    await client.openSession(0, window, 32_768)
    const session = await server.session(0)
    const socket = serverSocket(server)
    const writeCounts: number[] = []
    const { _writev: writev } = socket as unknown as { _writev: WriteMany }
    Object.assign(socket, {
      _writev: (chunks: readonly unknown[], done: () => void) => {
        writeCounts.push(chunks.length)
        writev.call(socket, chunks, done)
      },
    })
    session.send(packet, packet, { type: 'eof' })
    expect(socket.writableLength).toBeGreaterThan(2 * packet.bytes.length)
    await until('EOF', () => client.received.at(-1)?.[0] === 96)
    expect(writeCounts).toHaveLength(1)
    expect(client.received.map((payload) => payload[0])).toEqual([91, 94, 94, 96])
  })

  it('sends every byte right from memory that is used again', async () => {
    await client.openSession(0, window, 32_768)
    const session = await server.session(0)
    const sent: string[] = []
    for (let round = 0; round < 200; round += 1) {
      const lengths = [1, 255, 256, 300 + round, 4096 + round, 32_768 - round]
      const messages = lengths.map((length) => data(length, round))
      session.send(...messages)
      sent.push(...messages.map(({ bytes }) => digest(bytes)))
      await new Promise((resolve) => setImmediate(resolve))
    }
    session.send({ type: 'eof' })
    await until('EOF', () => client.received.at(-1)?.[0] === 96)
    const received = client.received.filter((payload) => payload[0] === 94)
    expect(received.map((payload) => digest(payload.subarray(9)))).toEqual(sent)
  })

  it('does not block where the socket would never say that it is empty again', async () => {
    await client.openSession(0, window, 32_768)
    const session = await server.session(0)
    setHighWaterMark(serverSocket(server), 2 ** 24)
    socketOf(client.client).pause()
    while (serverSocket(server).writableLength < 2 * socketBacklogBytes) session.send(packet)
    expect(isBlocked(session)).toBe(false)
    fill(session)
    socketOf(client.client).resume()
    await session.event('transport.unblocked')
  })

  it('holds back while keys are exchanged, and sends in order what is sent all the same', async () => {
    await client.openSession(0, window, 32_768)
    const session = await server.session(0)
    session.port.event$.subscribe(({ type }) => {
      // The client answers our part of the exchange in a later tick.
      if (type === 'transport.blocked') process.nextTick(sendDuring)
      if (type === 'transport.unblocked') session.send({ type: 'close' })
    })
    const sendDuring = (): void => {
      session.send({ type: 'data', bytes: Buffer.from('during') }, { type: 'eof' })
    }
    ;(client.client as unknown as { _protocol: { rekey(): void } })._protocol.rekey()
    await until('CLOSE', () => client.received.at(-1)?.[0] === 97)
    expect(session.events.map(({ type }) => type)).toEqual([
      'transport.blocked',
      'transport.unblocked',
    ])
    expect(client.received.map((payload) => payload[0])).toEqual([91, 94, 96, 97])
  })
})

const alternately = ['transport.blocked', 'transport.unblocked']

const openSession = Buffer.from('5a0000000773657373696f6e000000070000ffff00008000', 'hex')

type WriteMany = (chunks: readonly unknown[], done: () => void) => void

function data(byteCount: number, seed: number): { readonly type: 'data'; bytes: Uint8Array } {
  return {
    type: 'data',
    bytes: Uint8Array.from({ length: byteCount }, (_, at) => (at * 7 + seed) & 255),
  }
}

function digest(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}

/** Sends until told not to, and counts. */
function fill(session: Recorder): number {
  let count = 0
  while (!isBlocked(session)) {
    session.send(packet)
    count += 1
  }
  return count
}

/** Sends until the kernel takes no more either: what is sent in one turn it takes at the end of it, while it can. */
async function fillUp(session: Recorder): Promise<void> {
  let fullCount = 0
  await until('a full socket', () => {
    fullCount = fill(session) === 0 ? fullCount + 1 : 0
    return fullCount === 20
  })
}

function isBlocked(session: Recorder): boolean {
  const changes = session.events.map(({ type }) => type).filter((type) => /block/.test(type))
  return changes.at(-1) === 'transport.blocked'
}

function serverSocket(server: SessionServer): Socket {
  return socketOf(server.connections[0] as never)
}

/** As `net.createServer({ highWaterMark })` would have it. */
function setHighWaterMark(socket: Socket, byteCount: number): void {
  const { _writableState: state } = socket as unknown as {
    _writableState: { highWaterMark: number }
  }
  state.highWaterMark = byteCount
}
