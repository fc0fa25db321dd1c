import { createHash } from 'node:crypto'
import { expect } from 'expect'
import type { RawChannel } from '../../wire/raw-channel'
import { adjust, data, eof, exec, extendedData } from '../../wire/raw-messages'
import { startProgram } from '../../wire/start-program'
import { expectSameBytes } from '../same-bytes'
import { scenario, type Scenario, type ScenarioContext } from '../scenario'

/** Windows and packet sizes: the client of every scenario accuses a server that exceeds them. */
export const wireWindowScenarios: readonly Scenario[] = [
  ...[
    [1, 60],
    [7, 300],
    [1000, 20_000],
  ].map(([windowBytes = 1, count = 1]) =>
    scenario(`fits both outputs through a window of ${windowBytes} bytes`, [9, 16, 20], (context) =>
      carryBoth(context, count, { windowBytes }),
    ),
  ),
  ...[
    [1, 100],
    [100, 2000],
    [1000, 20_000],
    [32_767, 200_000],
    [65_536, 200_000],
  ].map(([maximumPacketBytes = 1, count = 1]) =>
    scenario(`cuts both outputs into packets of ${maximumPacketBytes} bytes`, [9, 20], (context) =>
      carryBoth(context, count, { maximumPacketBytes }),
    ),
  ),
  scenario(
    'cuts both outputs into packets of every power of two up to 64 KiB',
    [9, 20],
    carryPowers,
  ),
  scenario('takes the largest window and packet there can be', [9, 16], (context) =>
    carryBoth(context, 50_000, {
      windowBytes: maximumUint32,
      maximumPacketBytes: maximumUint32,
      keepsWindow: false,
    }),
  ),
  scenario('reports the exit while the window is shut, and output after', [16, 20, 22], shutAtExit),
  scenario('sends what each adjustment allows and no more', [16], adjustInSteps),
  scenario('takes an adjustment by nothing', [16], async ({ connect }) => {
    const channel = await startProgram(await connect(), 'cat')
    channel.send(adjust(0), data('x'), adjust(0), eof)
    await channel.untilReceived('CLOSE')
    expect(channel.stdout.toString()).toBe('ready\nx')
  }),
  scenario('takes a window raised to its largest', [16], async ({ connect }) => {
    const options = { windowBytes: 6, keepsWindow: false }
    const channel = await startProgram(await connect(), 'cat', options)
    channel.send(adjust(maximumUint32), data('x'), eof)
    await channel.untilReceived('CLOSE')
    expect(channel.stdout.toString()).toBe('ready\nx')
  }),
  scenario('ends a connection that raises a window past its largest', [16], async ({ connect }) => {
    const client = await connect()
    const channel = await startProgram(client, 'cat')
    channel.send(adjust(maximumUint32))
    await client.connection.untilDisconnected()
    expect(channel.received).not.toContain('CLOSE')
  }),
  scenario('takes input of many megabytes within its window', [10, 16], sendWithinWindow),
  scenario('takes input in single bytes and in empty messages', [10], async ({ connect }) => {
    const channel = await startProgram(await connect(), 'cat')
    const text = Array.from({ length: 2000 }, (_, index) => String(index % 10)).join('')
    channel.send(...Array.from(text).flatMap((character) => [data(character), data('')]), eof)
    await channel.untilReceived('CLOSE')
    expect(channel.stdout.toString()).toBe(`ready\n${text}`)
  }),
  scenario('drops extended data of a client', [17], async ({ connect }) => {
    const channel = await startProgram(await connect(), 'cat')
    channel.send(extendedData('lost'), data('kept'), extendedData('lost', 7), eof)
    await channel.untilReceived('CLOSE')
    expect(channel.stdout.toString()).toBe('ready\nkept')
    expect(channel.exitCode).toBe(0)
  }),
  scenario('takes any amount of extended data', [17], refundExtendedData, {
    difference:
      'sshd neither charges the window for the extended data of a client nor gives any of it back, so ' +
      'a client that keeps to its window comes to a stop; ours gives it back',
  }),
  scenario('holds input that comes before the program', [1, 5], earlyInput, {
    difference:
      'sshd drops data that come before a program, for it has given no window; ours has (ssh2 opens ' +
      'every channel with 2 MiB), so it holds them and delivers them first',
  }),
  scenario('outlives data a little past its window', [18], pastWindow(100_000)),
  scenario('does not keep what is sent far past its window', [18], farPastWindow, {
    difference:
      'sshd 9.2 drops what is past the window and goes on, later ones end the connection after 10 %; ' +
      'ours does the latter, whichever version it is beside',
  }),
  scenario('takes data larger than its largest packet', [10], oversizedPacket, {
    difference:
      'sshd drops a packet of data above the maximum it announced and the program misses them; ours ' +
      'passes them on up to what ssh2 reads (35,000 bytes), for silent loss is worse',
  }),
]

const maximumUint32 = 2 ** 32 - 1

async function carryBoth(
  { connect }: ScenarioContext,
  count: number,
  options: { windowBytes?: number; maximumPacketBytes?: number; keepsWindow?: boolean },
): Promise<void> {
  const channel = await (await connect()).openSession(options)
  channel.send(exec(`seq 1 ${count} & seq 1 ${count} >&2; wait; exit 4`))
  await channel.untilReceived('CLOSE')
  const expected = Array.from({ length: count }, (_, index) => `${index + 1}\n`).join('')
  expectSameBytes(channel.stdout, Buffer.from(expected))
  expectSameBytes(channel.stderr, Buffer.from(expected))
  expect(channel.exitCode).toBe(4)
}

async function carryPowers(context: ScenarioContext): Promise<void> {
  for (let maximumPacketBytes = 1; maximumPacketBytes <= 65_536; maximumPacketBytes *= 2) {
    await carryBoth(context, 50 + maximumPacketBytes, { maximumPacketBytes })
  }
}

async function shutAtExit({ connect }: ScenarioContext): Promise<void> {
  const options = { windowBytes: 0, keepsWindow: false }
  const channel = await (await connect()).openSession(options)
  channel.send(exec('echo out; echo err >&2; exit 3'))
  await channel.untilReceived('exit-status')
  expect(channel.received).not.toContain('CLOSE')
  channel.send(adjust(3))
  await channel.until(() => channel.stdout.length + channel.stderr.length === 3, '3 bytes')
  channel.send(adjust(100))
  await channel.untilReceived('CLOSE')
  expect([channel.stdout.toString(), channel.stderr.toString()]).toEqual(['out\n', 'err\n'])
  expect(channel.exitCode).toBe(3)
}

async function adjustInSteps({ connect }: ScenarioContext): Promise<void> {
  const options = { windowBytes: 10, keepsWindow: false }
  const channel = await (await connect()).openSession(options)
  channel.send(exec('seq 1 100000'))
  let byteCount = 10
  for (const step of [1, 2, 1000, 32_768, 100_000, 7]) {
    await channel.until(() => channel.stdout.length === byteCount, `${byteCount} bytes`)
    channel.send(adjust(step))
    byteCount += step
  }
  channel.send(adjust(1_000_000))
  await channel.untilReceived('CLOSE')
  expect(channel.stdout).toHaveLength(588_895)
}

/** Sends packets of the largest size that the server takes, as its window allows. */
async function sendAll(channel: RawChannel, bytes: Buffer): Promise<void> {
  const { maximumPacketBytes } = channel.confirmation
  let rest = bytes
  while (rest.length > 0) {
    await channel.until(() => channel.remoteWindowBytes > 0, 'the window should open')
    const byteCount = Math.min(rest.length, channel.remoteWindowBytes, maximumPacketBytes)
    channel.send(data(rest.subarray(0, byteCount)))
    rest = rest.subarray(byteCount)
  }
}

async function sendWithinWindow({ connect }: ScenarioContext): Promise<void> {
  const channel = await startProgram(await connect(), 'sha256sum')
  const input = Buffer.alloc(8_000_001, 'input of many megabytes\n')
  await sendAll(channel, input)
  channel.send(eof)
  await channel.untilReceived('CLOSE')
  const digest = createHash('sha256').update(input).digest('hex')
  expect(channel.stdout.toString()).toBe(`ready\n${digest}  -\n`)
}

async function refundExtendedData({ server, connect }: ScenarioContext): Promise<void> {
  const channel = await startProgram(await connect(), 'cat')
  const packet = Buffer.alloc(channel.confirmation.maximumPacketBytes)
  for (let count = 0; count < 100; count += 1) {
    const isSpent = channel.remoteWindowBytes < packet.length
    if (isSpent && server.kind === 'sshd') break
    await channel.until(() => channel.remoteWindowBytes >= packet.length, 'the window should open')
    channel.send(extendedData(packet))
  }
  channel.send(data('x'), eof)
  await channel.untilReceived('CLOSE')
  expect(channel.stdout.toString()).toBe('ready\nx')
}

async function earlyInput({ server, connect }: ScenarioContext): Promise<void> {
  const channel = await (await connect()).openSession()
  channel.send(data('early\n'))
  channel.send(exec('cat'))
  await channel.untilAnswered()
  channel.send(data('late\n'), eof)
  await channel.untilReceived('CLOSE')
  expect(channel.stdout.toString()).toBe(server.kind === 'sshd' ? 'late\n' : 'early\nlate\n')
}

/** Fills the window of a program that does not read, and more. */
async function overfill(channel: RawChannel, excessByteCount: number): Promise<void> {
  const packet = Buffer.alloc(channel.confirmation.maximumPacketBytes)
  await channel.until(() => channel.remoteWindowBytes > 0, 'the window should open')
  const packetCount = Math.ceil((channel.remoteWindowBytes + excessByteCount) / packet.length)
  channel.send(...Array.from({ length: packetCount }, () => data(packet)))
}

function pastWindow(excessByteCount: number): Scenario['run'] {
  return async ({ connect, folder }) => {
    const wait = folder.waitFor('go')
    const client = await connect()
    const channel = await startProgram(client, `${wait}; wc -c`)
    await overfill(channel, excessByteCount)
    const other = await startProgram(client, `: > ${folder.file('go')}; cat`)
    channel.send(eof)
    await channel.untilReceived('CLOSE')
    const byteCount = Number(channel.stdout.toString().split('\n')[1])
    expect(byteCount).toBeGreaterThanOrEqual(2 * 1024 * 1024)
    other.send(data('x'), eof)
    await other.untilReceived('CLOSE')
    expect(other.stdout.toString()).toBe('ready\nx')
  }
}

async function farPastWindow({ server, connect, folder }: ScenarioContext): Promise<void> {
  const client = await connect()
  const wait = folder.waitFor('go')
  const channel = await startProgram(client, `${wait}; wc -c`)
  await overfill(channel, 4_000_000)
  if (server.kind !== 'sshd') {
    expect((await client.connection.untilDisconnected()).reasonCode).toBe(2)
    await startProgram(await connect(), `: > ${folder.file('go')}`)
    return
  }
  await startProgram(await connect(), `: > ${folder.file('go')}`)
  channel.send(eof)
  const isOver = (): boolean => channel.received.includes('CLOSE')
  await Promise.race([channel.until(isOver, 'CLOSE'), client.connection.disconnected])
  const byteCount = Number(channel.stdout.toString().split('\n')[1] ?? 0)
  expect(byteCount).toBeLessThan(4_000_000)
}

async function oversizedPacket({ server, connect }: ScenarioContext): Promise<void> {
  const channel = await startProgram(await connect(), 'wc -c')
  channel.send(data(Buffer.alloc(channel.confirmation.maximumPacketBytes + 1)), eof)
  await channel.untilReceived('CLOSE')
  const taken = server.kind === 'sshd' ? 0 : channel.confirmation.maximumPacketBytes + 1
  expect(channel.stdout.toString()).toBe(`ready\n${taken}\n`)
}
