import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import {
  connectRaw,
  data,
  exec,
  request,
  waitUntil,
  type RawChannel,
  type RawClient,
} from '@hawse/conformance'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { userInfo } from 'node:os'
import { startExample, type ExampleServer } from './example-server'
import { temporaryFolder } from './temporary-folder'

/** What the sessions of this test make: ten on each connection. */
const connectionCount = 10
const sessionsPerConnection = 10

const mebibyte = 1024 * 1024

describe('the memory of the server (docs/backpressure.md)', () => {
  const folder = temporaryFolder()
  let server: ExampleServer
  const clients: RawClient[] = []
  beforeEach(async () => {
    // A shell without start-up files, of which others have many.
    server = await startExample(folder, ['--on-disconnect', 'terminate', '--shell', '/bin/sh'])
  })
  afterEach(async () => {
    await Promise.all(clients.splice(0).map((client) => client.connection.end()))
    server.kill('SIGTERM')
    await server.ended
  })

  it('is bounded for 100 programs that flood clients with windows of 2 GiB that do not read', async () => {
    await warmUp()
    const before = residentBytes(server.processId)
    for (let count = 0; count < connectionCount; count += 1) {
      const client = await connect()
      for (let session = 0; session < sessionsPerConnection; session += 1) {
        const channel = await client.openSession({ windowBytes: 2 ** 31 - 1, keepsWindow: false })
        channel.send(exec('exec yes'))
        client.connection.socket.pause()
        if (session < sessionsPerConnection - 1) client.connection.socket.resume()
      }
    }
    await untilAllWait('yes')
    // 512 KiB for each session, and for each connection 256 KiB and what ssh2 and Node add; 1 MiB is generous.
    expect(residentBytes(server.processId) - before).toBeLessThan(100 * mebibyte)
  })

  it('is bounded for 100 uploads that fill the window of programs that never read', async () => {
    await warmUp()
    const before = residentBytes(server.processId)
    let sentBytes = 0
    for (let count = 0; count < connectionCount; count += 1) {
      const client = await connect()
      for (let session = 0; session < sessionsPerConnection; session += 1) {
        const channel = await client.openSession()
        channel.send(exec('exec sleep 1000'))
        await channel.untilReceived('SUCCESS')
        sentBytes += channel.remoteWindowBytes
        fillWindow(channel)
        // What is asked after the bytes is answered after them: they are in the server now.
        channel.send(request('question@example.com', [], true))
        await channel.until(() => channel.replies.length === 2, 'the question should be answered')
      }
    }
    expect(sentBytes).toBeGreaterThanOrEqual(100 * 2 * mebibyte)
    // 2.2 MiB for each session, and half as much again for what ssh2, Node and the allocator add.
    expect(residentBytes(server.processId) - before).toBeLessThan(330 * mebibyte)
  })

  async function connect(): Promise<RawClient> {
    const [host = '', port = ''] = server.address.split(':')
    const { username: user } = userInfo()
    const client = await connectRaw({
      host,
      port: Number(port),
      user,
      clientKeyFile: join(folder, 'hawse', 'client_ed25519'),
      knownHostsFile: join(folder, 'hawse', 'known_hosts'),
    })
    clients.push(client)
    return client
  }

  /** Loads and compiles what a session needs, so that it does not count as the memory of the sessions. */
  async function warmUp(): Promise<void> {
    const client = await connect()
    for (let count = 0; count < sessionsPerConnection; count += 1) {
      const channel = await client.openSession()
      channel.send(exec('head -c 1000000 /dev/zero'))
      await channel.untilReceived('CLOSE')
    }
    await client.connection.end()
  }

  /** Waits until all programs have started and neither they nor the server have used the processor for a while. */
  async function untilAllWait(name: string): Promise<void> {
    let before = ''
    let quietCount = 0
    await waitUntil(
      () => {
        const times = programTimes(server.processId, name)
        const isComplete = times.length === connectionCount * sessionsPerConnection
        const now = times.join()
        quietCount = isComplete && now === before ? quietCount + 1 : 0
        before = now
        return quietCount >= 20
      },
      () => `100 programs ${name} should start and wait, there are: ${before}`,
    )
  }
})

function fillWindow(channel: RawChannel): void {
  const { maximumPacketBytes } = channel.confirmation
  while (channel.remoteWindowBytes > 0)
    channel.send(data(Buffer.alloc(Math.min(channel.remoteWindowBytes, maximumPacketBytes))))
}

function residentBytes(processId: number): number {
  const status = readFileSync(`/proc/${processId}/status`, 'utf8')
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) * 1024
}

/** Processor times of the children of a process that have this name, by the fields of proc(5). */
function programTimes(parentId: number, name: string): readonly string[] {
  const children = readFileSync(`/proc/${parentId}/task/${parentId}/children`, 'utf8')
  return children.split(' ').flatMap((id) => {
    if (id === '') return []
    const [, command, fields = ''] = /\((.*)\) (.*)$/s.exec(statOf(id)) ?? []
    const words = fields.split(' ')
    return command === name ? [`${id} ${words[11] ?? ''} ${words[12] ?? ''}`] : []
  })
}

/** A child may end between being listed and being looked at. */
function statOf(processId: string): string {
  try {
    return readFileSync(`/proc/${processId}/stat`, 'utf8')
  } catch {
    return ''
  }
}
