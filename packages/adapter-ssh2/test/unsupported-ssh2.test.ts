import { afterEach, describe, expect, it } from '@jest/globals'
import type { TransportPort } from '@hawse/core'
import type * as Ssh2 from 'ssh2'
import { protectConnection, ssh2Sessions, ssh2SessionTransport } from '../src'
import { ssh2Internals } from '../src/ssh2-internals'
import { openSsh } from './support/open-ssh'
import { connectRaw, string } from './support/raw-client'
import { record, type Recorder } from './support/recorder'
import { ssh2Versions } from './support/ssh2-versions'
import { socketOf, startServer, type TestServer } from './support/test-server'
import { until } from './support/until'

describe.each(ssh2Versions())('an ssh2 that lacks something, made of $name', ({ ssh2 }) => {
  const servers: TestServer[] = []
  const start = async (onConnection: (client: Ssh2.Connection) => void): Promise<TestServer> => {
    const server = await startServer({ ssh2, onConnection })
    servers.push(server)
    return server
  }
  afterEach(async () => {
    await Promise.all(servers.splice(0).map((server) => server.close()))
  })

  it.each<[string, (inside: Inside) => void]>([
    ['_sock.end', (inside) => (inside._sock = {})],
    ['_chanMgr.get', (inside) => (inside._chanMgr = { remove: () => undefined })],
    ['_chanMgr.remove', (inside) => (inside._chanMgr = undefined)],
    ['_protocol._packetRW.read.read', ({ _protocol }) => (_protocol._packetRW.read = 3)],
    ['_protocol._packetRW.write.allocStart', ({ _protocol }) => (_protocol._packetRW.write = {})],
    ['_protocol._cipher.encrypt', ({ _protocol }) => (_protocol._cipher = null)],
    ['_protocol._kexinit', ({ _protocol }) => delete _protocol._kexinit],
  ])('is refused, naming %s', async (name, change) => {
    const errors: unknown[] = []
    const server = await start((client) => {
      const copy = insideOf(client)
      change(copy)
      ssh2Sessions(copy as never).subscribe({ error: (error) => errors.push(error) })
    })
    const client = await connectRaw(ssh2, server.port)
    expect(errors).toMatchObject([{ code: 'UNSUPPORTED_SSH2' }])
    expect(String(errors[0])).toContain(name)
    expect(String(errors[0])).toContain('1.15 to 1.17')
    client.end()
  })

  it('is refused where sessions are made differently', async () => {
    const errors: unknown[] = []
    const server = await start((client) => {
      ssh2Sessions(client).subscribe({ error: (error) => errors.push(error) })
      client.prependListener('session', (accept: { (): unknown }) => {
        delete (accept() as { _chanInfo?: unknown })._chanInfo
      })
      const listeners = client.rawListeners('session') as ((...args: unknown[]) => void)[]
      client.removeAllListeners('session')
      client.on('session', (accept) => {
        const session = accept() as unknown as { _chanInfo?: unknown }
        delete session._chanInfo
        listeners[1]?.(() => session)
      })
    })
    const client = await connectRaw(ssh2, server.port)
    await client.openSession(0, 1000, 1000)
    expect(errors).toMatchObject([{ code: 'UNSUPPORTED_SSH2' }])
    expect(String(errors[0])).toContain('This session lacks _chanInfo.incoming.id')
    client.end()
  })

  it('ends the session with a reason, and does not hang, where packets pass another way', async () => {
    const sessions: Recorder[] = []
    const server = await start((client) => {
      client.on('session', (accept) => {
        sessions.push(record(ssh2SessionTransport(client, accept)))
        bypassTap(client)
      })
    })
    const ssh = openSsh(server.port, 'x')
    await until('a session', () => sessions.length === 1)
    const { error } = await (sessions[0] as Recorder).event('transport.malformedReceived')
    expect(error).toMatchObject({ code: 'UNSUPPORTED_SSH2' })
    expect(error.message).toContain("'exec'")
    const description = error.message
    sessions[0]?.port.perform({ type: 'transport.disconnect', reasonCode: 2, description })
    expect(await ssh.ended).toBe(255)
    expect(ssh.stderr()).toContain('ssh2 1.15 to 1.17')
  })

  it('shares a connection with another copy of this package', async () => {
    const ports: TransportPort[] = []
    const seen: number[] = []
    const server = await start((client) => {
      protectConnection(client)
      ssh2Internals(client).tapInbound((payload) => {
        seen.push(payload[0] ?? 0)
        return false
      })
      client.on('session', (accept) => ports.push(ssh2SessionTransport(client, accept)))
    })
    const ssh = openSsh(server.port, 'x', '-C', '-n')
    await until('a session', () => ports.length === 1)
    const session = record(ports[0] as TransportPort)
    expect(await session.request('exec')).toMatchObject({ command: 'x' })
    expect(seen).toContain(90)
    expect(seen).not.toContain(98)
    ssh.child.kill('SIGKILL')
    await ssh.ended
  })

  it('is protected from errors, and sends without delay, once asked to', async () => {
    const delays: boolean[] = []
    const server = await start((client) => {
      const { setNoDelay } = socketOf(client)
      socketOf(client).setNoDelay = function (this: unknown, isWithout = true) {
        delays.push(isWithout)
        return setNoDelay.call(this as never, isWithout)
      }
      protectConnection(client)
      protectConnection(client)
      expect(client.listenerCount('error')).toBe(1)
    })
    const client = await connectRaw(ssh2, server.port)
    expect(delays).toEqual([true])
    // An open that ssh2 itself finds malformed.
    client.send(Buffer.concat([Buffer.from([90]), string('direct-tcpip')]))
    await until('close', () => socketOf(client.client).destroyed)
  })
})

interface Inside {
  _sock: object
  _chanMgr: unknown
  _protocol: {
    _packetRW: { read: unknown; write: unknown }
    _cipher: unknown
    _kexinit?: unknown
  }
}

/** A connection that looks the same, and can be changed without harm. */
function insideOf(client: Ssh2.Connection): Inside {
  const { _sock, _chanMgr, _protocol } = client as unknown as Inside
  const { _packetRW, _cipher, _kexinit } = _protocol
  const protocol = {
    _queue: undefined,
    _destruct: 1,
    _packetRW: { ..._packetRW },
    _cipher,
    _kexinit,
  }
  const functions = {
    on: client.on,
    removeListener: client.removeListener,
    setNoDelay: () => undefined,
  }
  return { _sock, _chanMgr, _protocol: protocol, ...functions }
}

/** What a future ssh2 might do: read packets by something else. */
function bypassTap(client: Ssh2.Connection): void {
  const { _protocol } = client as unknown as Inside
  const { write } = _protocol._packetRW
  const read = { read: (payload: Uint8Array) => payload, cleanup: () => undefined }
  _protocol._packetRW = { read, write }
}
