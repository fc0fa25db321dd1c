import { afterEach, describe, expect, it } from '@jest/globals'
import { waitUntil } from '@hawse/conformance'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { runLine, type ExampleServer } from './example-server'
import { loggedEvents } from './logged-events'
import { temporaryFolder } from './temporary-folder'
import { twoWorkers } from './two-workers'
import { clientInEachWorker, runningClient, untilLogged } from './worker-clients'

const folder = temporaryFolder()
const start = twoWorkers(folder)
const sockets: Socket[] = []

afterEach(() => {
  for (const socket of sockets.splice(0)) socket.destroy()
})

/** A client that says nothing; what it reads begins with what a server says to one that it serves. */
async function silentClient(server: ExampleServer): Promise<Socket> {
  const [host = '', port] = server.address.split(':')
  const socket = connect(Number(port), host)
  sockets.push(socket)
  socket.on('error', () => undefined)
  const [greeting] = (await once(socket, 'data')) as [Buffer]
  expect(greeting.toString()).toContain('SSH-2.0-')
  return socket
}

async function untilServed(server: ExampleServer): Promise<void> {
  await waitUntil(
    async () => (await runLine(`${server.line} true`)).code === 0,
    () => `nobody is let in: ${server.log()}`,
  )
}

describe('limits of a server with workers', () => {
  it('--max-connections counts those of all workers together', async () => {
    const server = await start(['--max-connections', '3'])
    const [first] = await clientInEachWorker(server, 'read line')
    await runningClient(server, 'read line')
    for (let attempt = 0; attempt < 4; attempt += 1) {
      const refused = await runLine(`${server.line} -v true`)
      expect(refused.code).toBe(255)
    }
    expect(server.log().match(/more than 3 connections"/g)).toHaveLength(4)
    expect(loggedEvents(server, 'connection.opened')).toHaveLength(3)
    first.child.stdin?.end('\n')
    expect(await first.ended).toBe(0)
    await untilServed(server)
  })

  it('--max-unauthenticated counts those of all workers together, and not who has logged in', async () => {
    const server = await start(['--max-unauthenticated', '3'])
    await clientInEachWorker(server, 'exec cat')
    const [first] = [await silentClient(server), await silentClient(server)]
    await silentClient(server)
    for (let attempt = 0; attempt < 4; attempt += 1) {
      expect((await runLine(`${server.line} true`)).code).toBe(255)
    }
    expect(server.log().match(/more than 3 connections that have not logged in"/g)).toHaveLength(4)
    first.destroy()
    await untilServed(server)
  })

  it('--login-grace ends a silent client of any worker, and nobody who has logged in', async () => {
    const server = await start(['--login-grace', '3'])
    const [first, second] = await clientInEachWorker(server, 'read line; exit 6')
    const silent = [await silentClient(server), await silentClient(server)]
    await Promise.all(silent.map((socket) => once(socket, 'close')))
    expect(server.log().match(/no login within 3 s"/g)).toHaveLength(2)
    for (const { child, ended } of [first, second]) {
      child.stdin?.end('\n')
      expect(await ended).toBe(6)
    }
  })

  it('counts connections of a killed worker no more', async () => {
    const server = await start(['--max-connections', '2'])
    const [first, second] = await clientInEachWorker(server, 'read line; exit 6')
    expect((await runLine(`${server.line} true`)).code).toBe(255)
    process.kill(first.workerProcessId, 'SIGKILL')
    await untilLogged(server, 'worker.ended', 1)
    const third = await runningClient(server, 'exec cat')
    expect((await runLine(`${server.line} true`)).code).toBe(255)
    third.child.kill('SIGKILL')
    second.child.stdin?.end('\n')
    expect(await second.ended).toBe(6)
    await untilServed(server)
  })

  it('ends sessions of all workers by --idle-limit', async () => {
    const server = await start(['--idle-limit', '1'])
    const clients = await clientInEachWorker(server, 'exec sleep 1000')
    await untilLogged(server, 'session.ended', 2)
    for (const { ended, stderr } of clients) {
      await ended
      expect(stderr()).toContain('session ended')
    }
    expect(loggedEvents(server, 'session.ended')).toMatchObject([
      { endedBy: 'timeout' },
      { endedBy: 'timeout' },
    ])
  })
})
