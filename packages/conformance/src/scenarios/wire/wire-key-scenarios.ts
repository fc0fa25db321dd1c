import { createHash } from 'node:crypto'
import { expect } from 'expect'
import type { RawClient } from '../../wire/raw-client'
import { adjust, close, data, eof, exec, windowChange } from '../../wire/raw-messages'
import { finishCat, startProgram } from '../../wire/start-program'
import { expectSameBytes } from '../same-bytes'
import { scenario, type Scenario, type ScenarioContext } from '../scenario'

/** Key exchanges at chosen moments: the client of every scenario accuses a server that speaks of anything else in one. */
export const wireKeyScenarios: readonly Scenario[] = [
  scenario(
    'says nothing of a session while the client takes its time over its key',
    [16],
    (context) => exchangeAmidOutput(context, 'beforePublicKey'),
  ),
  scenario('goes on when the client takes its time over NEWKEYS', [16], (context) =>
    exchangeAmidOutput(context, 'beforeNewKeys'),
  ),
  scenario('exchanges keys twenty times amid both outputs', [9, 16], manyAmidOutput),
  scenario('exchanges keys amid input', [10, 16], manyAmidInput),
  scenario(
    'takes what was held back during a key exchange in one piece',
    [4, 5, 10],
    async (context) => {
      const client = await context.connect()
      const channel = await client.openSession()
      await client.connection.rekey({
        beforePublicKey: () => {
          channel.send(exec('cat; echo end'), windowChange(), data('a\n'), data('b\n'), eof)
          return Promise.resolve()
        },
      })
      await channel.untilReceived('CLOSE')
      expect(channel.stdout.toString()).toBe('a\nb\nend\n')
      expect(channel.replies).toEqual(['SUCCESS', 'SUCCESS'])
    },
  ),
  scenario('reports an exit that falls in a key exchange', [20], exitInExchange),
  scenario('takes a CLOSE held back during a key exchange', [23], async ({ connect }) => {
    const client = await connect()
    const channel = await startProgram(client, 'yes')
    await client.connection.rekey({
      beforeNewKeys: () => {
        channel.send(close)
        return Promise.resolve()
      },
    })
    await channel.untilReceived('CLOSE')
    expect(channel.received).not.toContain('EOF')
  }),
]

/** Runs a second program to its end on a connection of its own: what time passes by. */
async function elsewhere({ connect }: ScenarioContext, command: string): Promise<void> {
  const channel = await startProgram(await connect(), command)
  await channel.untilReceived('CLOSE')
}

async function exchangeAmidOutput(
  context: ScenarioContext,
  moment: 'beforePublicKey' | 'beforeNewKeys',
): Promise<void> {
  const client = await context.connect()
  const channel = await startProgram(client, 'seq 1 200000 & seq 1 200000 >&2; wait; exit 4')
  await client.connection.rekey({ [moment]: () => elsewhere(context, 'sleep .2') })
  await channel.untilReceived('CLOSE')
  expect(channel.stdout).toHaveLength(6 + 1_288_895)
  expect(channel.stderr).toHaveLength(1_288_895)
  expect(channel.exitCode).toBe(4)
}

async function manyAmidOutput({ connect }: ScenarioContext): Promise<void> {
  const client = await connect()
  const options = { windowBytes: 100_000, keepsWindow: false }
  const channel = await client.openSession(options)
  channel.send(exec('seq 1 200000 & seq 1 200000 >&2; wait; exit 4'))
  for (let count = 1; count <= 20; count += 1) {
    const byteCount = count * 100_000
    const received = (): number => channel.stdout.length + channel.stderr.length
    await channel.until(() => received() === byteCount, `${byteCount} bytes`)
    const exchange = client.connection.rekey()
    channel.send(adjust(100_000))
    await exchange
  }
  channel.send(adjust(10_000_000))
  await channel.untilReceived('CLOSE')
  const lines = Array.from({ length: 200_000 }, (_, index) => `${index + 1}\n`).join('')
  expectSameBytes(channel.stdout, Buffer.from(lines))
  expectSameBytes(channel.stderr, Buffer.from(lines))
  expect(channel.exitCode).toBe(4)
}

async function manyAmidInput({ connect }: ScenarioContext): Promise<void> {
  const client = await connect()
  const channel = await startProgram(client, 'sha256sum')
  const hash = createHash('sha256')
  for (let count = 0; count < 20; count += 1) {
    const packet = Buffer.alloc(30_000, `${count}\n`)
    hash.update(packet).update(packet)
    channel.send(data(packet))
    const exchange = client.connection.rekey()
    channel.send(data(packet))
    await exchange
  }
  channel.send(eof)
  await channel.untilReceived('CLOSE')
  expect(channel.stdout.toString()).toBe(`ready\n${hash.digest('hex')}  -\n`)
}

async function exitInExchange(context: ScenarioContext): Promise<void> {
  const { folder } = context
  const client: RawClient = await context.connect()
  const wait = folder.waitFor('go')
  const neighbour = await startProgram(client, 'cat')
  const channel = await startProgram(client, `${wait}; echo out; echo err >&2; exit 3`)
  await client.connection.rekey({
    beforePublicKey: () => elsewhere(context, `: > ${folder.file('go')}; sleep .2`),
  })
  await channel.untilReceived('CLOSE')
  expect(channel.stdout.toString()).toBe('ready\nout\n')
  expect(channel.stderr.toString()).toBe('err\n')
  expect(channel.exitCode).toBe(3)
  await finishCat(neighbour, 'still here\n')
}
