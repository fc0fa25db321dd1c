import { afterAll, afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals'
import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import { createLoginGrace } from '../src/login-grace'

const server = createServer()
const clients: Socket[] = []

/** The server's end of a new connection. */
async function acceptedSocket(): Promise<Socket> {
  if (!server.listening) await once(server.listen(0, '127.0.0.1'), 'listening')
  const { port } = server.address() as AddressInfo
  const accepted = once(server, 'connection')
  clients.push(connect(port, '127.0.0.1'))
  const [socket] = (await accepted) as [Socket]
  return socket
}

afterAll(() => {
  clients.forEach((client) => client.destroy())
  server.close()
})

describe('createLoginGrace', () => {
  beforeEach(() => {
    jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask'] })
  })
  afterEach(() => {
    jest.useRealTimers()
  })

  it('ends a connection that does not log in, and no other', async () => {
    const grace = createLoginGrace(1_000)
    const [idle, loggedIn] = [await acceptedSocket(), await acceptedSocket()]
    grace.watch(idle)
    grace.watch(loggedIn)
    grace.release(loggedIn.remoteAddress ?? '', loggedIn.remotePort ?? 0)
    jest.advanceTimersByTime(999)
    expect([idle.destroyed, loggedIn.destroyed]).toEqual([false, false])
    jest.advanceTimersByTime(1)
    expect([idle.destroyed, loggedIn.destroyed]).toEqual([true, false])
  })

  it('keeps no timer for a connection that has ended', async () => {
    const grace = createLoginGrace(1_000)
    const socket = await acceptedSocket()
    grace.watch(socket)
    expect(jest.getTimerCount()).toBe(1)
    const closed = once(socket, 'close')
    socket.destroy()
    await closed
    expect(jest.getTimerCount()).toBe(0)
  })
})
