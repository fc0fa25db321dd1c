import { afterEach, describe, expect, it } from '@jest/globals'
import type { ChannelEvent } from '@hawse/core'
import { once } from 'node:events'
import { protectConnection, ssh2Sessions, type ConnectionLimits } from '../../src'
import { connectRaw, string, uint32, type RawClient } from '../support/raw-client'
import { ssh2Versions } from '../support/ssh2-versions'
import { socketOf, startServer, type TestServer } from '../support/test-server'
import { until } from '../support/until'

describe.each(ssh2Versions())('the limits of a connection over $name', ({ ssh2, isNative }) => {
  let server: TestServer | undefined
  const lines: string[] = []
  const events: ChannelEvent[] = []
  const connect = async (limits: Partial<ConnectionLimits>): Promise<RawClient> => {
    const onLimit = (line: string): number => lines.push(line)
    server = await startServer({
      ssh2,
      onConnection: (client) =>
        ssh2Sessions(client, { ...limits, onLimit }).subscribe((channel) =>
          channel.event$.subscribe((event) => {
            events.push(event)
            if (event.type === 'channel.requested') {
              const { requestId } = event
              channel.perform({ type: 'channel.reply', requestId, isSuccess: false })
            }
            if (event.type === 'channel.closeReceived') channel.perform({ type: 'channel.close' })
          }),
        ),
    })
    return connectRaw(ssh2, server.port)
  }
  afterEach(async () => {
    await server?.close()
    lines.length = 0
    events.length = 0
  })

  it('refuses one session more than may be open, and says why', async () => {
    const client = await connect({ maximumSessions: 2 })
    await client.openSession(0, 1000, 1000)
    await client.openSession(1, 1000, 1000)
    client.send(openMessage(2))
    expect(await failureOf(client)).toEqual({
      channel: 2,
      reasonCode: 1,
      text: 'more than 2 sessions on one connection',
    })
    expect(lines).toEqual(['more than 2 sessions on one connection'])
    client.end()
  })

  it('allows another session when one has closed', async () => {
    const client = await connect({ maximumSessions: 1 })
    const remoteChannel = await client.openSession(0, 1000, 1000)
    client.send(Buffer.concat([Buffer.from([97]), uint32(remoteChannel)]))
    await until('CLOSE', () => client.received.some((payload) => payload[0] === 97))
    await client.openSession(1, 1000, 1000)
    expect(lines).toEqual([])
    client.end()
  })

  it('takes ten sessions by default', async () => {
    const client = await connect({})
    for (let channel = 0; channel < 10; channel += 1) await client.openSession(channel, 1000, 1000)
    client.send(openMessage(10))
    expect((await failureOf(client)).text).toBe('more than 10 sessions on one connection')
    client.end()
  })

  it('refuses sessions that are opened faster than allowed', async () => {
    const client = await connect({ maximumSessionsPerSecond: 0.001 })
    // Less than one a second admits none at all.
    client.send(openMessage(0))
    expect(await failureOf(client)).toEqual({
      channel: 0,
      reasonCode: 4,
      text: 'more than 0.001 sessions a second on one connection',
    })
    client.end()
  })

  // Filling the kernel's buffers takes seconds, so one variant does.
  if (!isNative) return
  it('ends the connection of a client that asks without end and does not read', async () => {
    const client = await connect({ maximumUnreadBytes: 100_000 })
    const remoteChannel = await client.openSession(0, 1000, 1000)
    const socket = socketOf(client.client)
    socket.pause()
    const ask = Buffer.concat([
      Buffer.from([98]),
      uint32(remoteChannel),
      string('no'),
      Buffer.of(1),
    ])
    const flood = async (): Promise<void> => {
      while (lines.length === 0) {
        for (let count = 0; count < 1_000; count += 1) client.send(ask)
        if (socket.writableNeedDrain) await Promise.race([once(socket, 'drain'), lost()])
        await new Promise((resolve) => setImmediate(resolve))
      }
    }
    const lost = (): Promise<void> => until('the end', () => lines.length > 0)
    await flood()
    const reason = 'the client does not read: more than 100000 bytes wait for it'
    expect(lines).toEqual([reason])
    expect(events.at(-1)).toEqual({ type: 'channel.lost', reason })
    client.end()
  })
})

it('refuses limits that cannot work', async () => {
  const [variant] = ssh2Versions()
  if (variant === undefined) throw new Error('no ssh2')
  const errors: unknown[] = []
  const server = await startServer({
    ssh2: variant.ssh2,
    onConnection: (client) => {
      for (const name of ['maximumSessions', 'maximumSessionsPerSecond', 'maximumUnreadBytes']) {
        try {
          protectConnection(client, { [name]: 0 })
        } catch (error) {
          errors.push(error)
        }
      }
    },
  })
  const client = await connectRaw(variant.ssh2, server.port)
  expect(errors).toEqual([
    expect.objectContaining({
      code: 'INVALID_ARGUMENT',
      message: expect.stringContaining('maximumSessions is 0'),
    }),
    expect.objectContaining({ code: 'INVALID_ARGUMENT' }),
    expect.objectContaining({ code: 'INVALID_ARGUMENT' }),
  ])
  client.end()
  await server.close()
})

interface Failure {
  readonly channel: number
  readonly reasonCode: number
  readonly text: string
}

/** The first CHANNEL_OPEN_FAILURE (RFC 4254 section 5.1). */
async function failureOf(client: RawClient): Promise<Failure> {
  const find = () => client.received.find((payload) => payload[0] === 92)
  await until('CHANNEL_OPEN_FAILURE', () => find() !== undefined)
  const bytes = Buffer.from(find() ?? [])
  const textLength = bytes.readUInt32BE(9)
  expect(bytes).toHaveLength(13 + textLength + 4)
  return {
    channel: bytes.readUInt32BE(1),
    reasonCode: bytes.readUInt32BE(5),
    text: bytes.subarray(13, 13 + textLength).toString(),
  }
}

function openMessage(channel: number): Buffer {
  return Buffer.concat([
    Buffer.from([90]),
    string('session'),
    ...[channel, 1000, 1000].map((value) => uint32(value)),
  ])
}
