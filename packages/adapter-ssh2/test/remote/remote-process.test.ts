import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals'
import { once } from 'node:events'
import { run, type ProcessEvent, type ProcessPort } from '@hawse/core'
import { missingPeerReason, waitUntil } from '@hawse/conformance/servers'
import type { Client } from 'ssh2'
import { remoteProcess } from '../../src/index'
import { ssh2Versions } from '../support/ssh2-versions'
import { connectClient, remoteServers, type RemoteServer } from './remote-servers'

const reason = missingPeerReason(['sshd', 'ssh-keygen'])

if (reason !== undefined && process.env['CI'] !== 'true') {
  it.skip(`remote processes [${reason}]`, () => undefined)
} else {
  describe.each(ssh2Versions())('remote processes over $name', ({ ssh2 }) => {
    let server: RemoteServer | undefined
    const clients: Client[] = []
    const connect = async (): Promise<Client> => {
      if (server === undefined) throw new Error('sshd did not start: see beforeAll')
      const client = await connectClient(ssh2, server)
      clients.push(client)
      return client
    }
    beforeAll(async () => {
      server = await remoteServers[0].start()
    })
    afterAll(() => server?.stop())
    afterEach(() => clients.splice(0).forEach((client) => client.end()))

    it('passes megabytes both ways exactly, many processes at once on one connection', async () => {
      const client = await connect()
      const input = Buffer.alloc(3_000_000, 'hawse ')
      const running = Array.from({ length: 5 }, () =>
        run(remoteProcess(client, { command: 'cat; echo end >&2' }), {
          input,
          encoding: 'bytes',
        }),
      )
      for (const { stdout, stderr } of await Promise.all(running)) {
        expect(Buffer.from(stdout).equals(input)).toBe(true)
        expect(Buffer.from(stderr).toString()).toBe('end\n')
      }
    })

    it('lets other processes flow beside one that nobody reads', async () => {
      const client = await connect()
      const stalled = watch(remoteProcess(client, { command: 'exec cat /dev/zero' }))
      stalled.port.perform({ type: 'process.pauseOutput' })
      const { stdout } = await run(remoteProcess(client, { command: 'seq 1 200000' }))
      expect(stdout).toHaveLength(1_288_895)
      stalled.port.perform({ type: 'process.disconnect' })
      await stalled.untilCompleted()
    })

    it('leaves the channels that ssh2 opens itself alone', async () => {
      const client = await connect()
      const both = [
        run(remoteProcess(client, { command: 'seq 1 20000' })),
        execWith(client, 'seq 1 20000'),
        run(remoteProcess(client, { command: 'seq 1 20000' })),
      ] as const
      const [first, own, last] = await Promise.all(both)
      expect(own).toBe(first.stdout)
      expect(last.stdout).toBe(first.stdout)
    })

    it('runs a shell and a subsystem, sets variables, and says what was refused', async () => {
      const client = await connect()
      const shell = remoteProcess(client, { shell: true, env: { HAWSE: 'unknown to sshd' } })
      expect(
        (await run(shell, { input: 'echo from a shell; exit 3', shouldReject: false })).outcome,
      ).toEqual({ kind: 'exited', code: 3 })
      const subsystem = remoteProcess(client, { subsystem: 'no-such-thing' })
      const refused = await run(subsystem, { shouldReject: false })
      expect(refused.outcome).toMatchObject({ kind: 'notStarted', failure: 'notPermitted' })
    })

    it('tells a connection that was lost as such, for every process on it', async () => {
      const client = await connect()
      const processes = Array.from({ length: 2 }, () =>
        watch(remoteProcess(client, { command: 'echo ready; exec sleep 600' })),
      )
      for (const { hasSaid } of processes) await hasSaid('process.output')
      client.destroy()
      for (const { events, untilCompleted } of processes) {
        await untilCompleted()
        expect(events.filter(({ type }) => type === 'process.exited')).toMatchObject([
          { outcome: { kind: 'lost' } },
        ])
      }
    })

    it('fails to start on a client that is not connected, before and after', async () => {
      const before = await run(remoteProcess(new ssh2.Client(), { command: 'true' }), {
        shouldReject: false,
      })
      expect(before.outcome).toMatchObject({ kind: 'notStarted' })
      const client = await connect()
      const closed = once(client, 'close')
      client.end()
      await closed
      const after = await run(remoteProcess(client, { command: 'true' }), { shouldReject: false })
      expect(after.outcome).toMatchObject({ kind: 'notStarted' })
    })
  })
}

it.each([{}, { command: 'true', shell: true }])('refuses options that say %j', (options) => {
  const [{ ssh2 } = { ssh2: undefined }] = ssh2Versions()
  if (ssh2 === undefined) throw new Error('there is no ssh2')
  const make = (): ProcessPort => remoteProcess(new ssh2.Client(), options)
  expect(make).toThrow('Expected exactly one')
})

/** A process that has started, and what it tells. */
function watch(port: ProcessPort) {
  const events: ProcessEvent[] = []
  let isCompleted = false
  port.event$.subscribe({
    next: (event) => events.push(event),
    complete: () => (isCompleted = true),
  })
  port.perform({ type: 'process.start' })
  const told = () => `what was told: ${events.map(({ type }) => type).join(', ')}`
  return {
    port,
    events,
    hasSaid: (type: ProcessEvent['type']) =>
      waitUntil(() => events.some((event) => event.type === type), told),
    untilCompleted: () => waitUntil(() => isCompleted, told),
  }
}

/** What a command prints, by ssh2's own API. */
function execWith(client: Client, command: string): Promise<string> {
  return new Promise((resolve, reject) => {
    client.exec(command, (error, channel) => {
      if (error !== undefined) return reject(error)
      let text = ''
      channel.on('data', (bytes: Buffer) => (text += bytes.toString()))
      channel.on('close', () => resolve(text))
    })
  })
}
