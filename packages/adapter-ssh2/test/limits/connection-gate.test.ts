import { afterAll, afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals'
import { EventEmitter, once } from 'node:events'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import { connectionGate } from '../../src'

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

describe('connectionGate, counting', () => {
  it('turns a connection away that is one too many, and says why', async () => {
    const lines: string[] = []
    const gate = connectionGate({ maximumConnections: 1, onLimit: (line) => lines.push(line) })
    const first = await acceptedSocket()
    expect(gate.admit(first)).toBe(true)
    gate.release(first.remoteAddress, first.remotePort)
    expect(await refusalOf(gate)).toBe(
      'This server has more than 1 connections. Try again later.\r\n',
    )
    expect(lines).toEqual(['more than 1 connections'])
    first.destroy()
    await once(first, 'close')
    expect(gate.admit(await acceptedSocket())).toBe(true)
  })

  it('turns a connection away while too many have not logged in', async () => {
    const gate = connectionGate({ maximumUnauthenticated: 1 })
    const first = await acceptedSocket()
    expect(gate.admit(first)).toBe(true)
    expect(await refusalOf(gate)).toContain('more than 1 connections that have not logged in')
    gate.release(first.remoteAddress, first.remotePort)
    expect(gate.admit(await acceptedSocket())).toBe(true)
  })

  it('goes on counting a connection from the port of one that ends later', () => {
    const gate = connectionGate({ maximumUnauthenticated: 1, loginGraceMs: Infinity })
    const [first, second] = [new ScriptedSocket(), new ScriptedSocket()]
    expect(gate.admit(first)).toBe(true)
    gate.release(first.remoteAddress, first.remotePort)
    expect(gate.admit(second)).toBe(true)
    first.emit('close')
    expect(gate.admit(new ScriptedSocket())).toBe(false)
    second.emit('close')
    expect(gate.admit(new ScriptedSocket())).toBe(true)
  })

  it('refuses limits that cannot work', () => {
    expect(() => connectionGate({ maximumConnections: 0 })).toThrow('maximumConnections is 0')
    expect(() => connectionGate({ maximumUnauthenticated: NaN })).toThrow('maximumUnauthenticated')
    expect(() => connectionGate({ loginGraceMs: -1 })).toThrow('loginGraceMs is -1')
  })
})

describe('connectionGate, timing', () => {
  beforeEach(() => {
    jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask'] })
  })
  afterEach(() => {
    jest.useRealTimers()
  })

  it('ends a connection that does not log in in time, and no other', async () => {
    const lines: string[] = []
    const gate = connectionGate({ loginGraceMs: 1_000, onLimit: (line) => lines.push(line) })
    const [idle, loggedIn] = [await acceptedSocket(), await acceptedSocket()]
    gate.admit(idle)
    gate.admit(loggedIn)
    gate.release(loggedIn.remoteAddress, loggedIn.remotePort)
    jest.advanceTimersByTime(999)
    expect([idle.destroyed, loggedIn.destroyed]).toEqual([false, false])
    jest.advanceTimersByTime(1)
    expect([idle.destroyed, loggedIn.destroyed]).toEqual([true, false])
    expect(lines).toEqual(['no login within 1 s'])
  })

  it('keeps no timer for a connection that has ended', async () => {
    const gate = connectionGate({ loginGraceMs: 1_000 })
    const socket = await acceptedSocket()
    gate.admit(socket)
    expect(jest.getTimerCount()).toBe(1)
    const closed = once(socket, 'close')
    socket.destroy()
    await closed
    expect(jest.getTimerCount()).toBe(0)
  })

  it('sets no timer where a login may take for ever', async () => {
    const gate = connectionGate({ loginGraceMs: Infinity })
    gate.admit(await acceptedSocket())
    expect(jest.getTimerCount()).toBe(0)
  })
})

/** A socket of which only the end is told; all come from one port. */
class ScriptedSocket extends EventEmitter {
  readonly remoteAddress = '192.0.2.1'
  readonly remotePort = 40_000
  readonly end = (): void => undefined
  readonly destroy = (): void => undefined
}

/** What a client reads that a gate does not admit. */
async function refusalOf(gate: ReturnType<typeof connectionGate>): Promise<string> {
  const socket = await acceptedSocket()
  const client = clients.at(-1)
  if (client === undefined) throw new Error('no client')
  expect(gate.admit(socket)).toBe(false)
  let text = ''
  client.on('data', (bytes) => (text += bytes.toString()))
  await once(client, 'close')
  return text
}
