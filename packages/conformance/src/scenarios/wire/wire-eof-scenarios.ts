import { expect } from 'expect'
import { data, eof, exec, request } from '../../wire/raw-messages'
import { startProgram } from '../../wire/start-program'
import { scenario, type Scenario, type ScenarioContext } from '../scenario'

/** EOF of the client, what follows it, and the end of reading on either side. */
export const wireEofScenarios: readonly Scenario[] = [
  scenario('takes EOF twice', [10], async ({ connect }) => {
    const channel = await startProgram(await connect(), 'cat; exit 3')
    channel.send(data('x'), eof, eof)
    await channel.untilReceived('CLOSE')
    expect(channel.stdout.toString()).toBe('ready\nx')
    expect(channel.exitCode).toBe(3)
  }),
  scenario('drops data after EOF', [18], async ({ connect }) => {
    const channel = await startProgram(await connect(), 'cat; exit 3')
    channel.send(data('x'), eof, data('lost'), data('lost'))
    await channel.untilReceived('CLOSE')
    expect(channel.stdout.toString()).toBe('ready\nx')
    expect(channel.exitCode).toBe(3)
  }),
  scenario('gives back the window of data after EOF', [18], async ({ connect, folder }) => {
    const wait = folder.waitFor('go')
    const client = await connect()
    const channel = await startProgram(client, `${wait}; exit 3`)
    channel.send(eof)
    const packet = Buffer.alloc(channel.confirmation.maximumPacketBytes)
    for (let count = 0; count < 100; count += 1) {
      await channel.until(() => channel.remoteWindowBytes >= packet.length, 'a window')
      channel.send(data(packet))
    }
    await startProgram(client, `: > ${folder.file('go')}`)
    await channel.untilReceived('CLOSE')
    expect(channel.exitCode).toBe(3)
  }),
  scenario('ends a writing program whose client reads no more', [12], async ({ connect }) => {
    const options = { windowBytes: 1000, keepsWindow: false }
    const channel = await startProgram(await connect(), 'exec yes', options)
    await channel.until(() => channel.stdout.length === 1000, 'the window should fill')
    channel.send(request('eow@openssh.com', [], false))
    await channel.untilReceived('CLOSE')
    expect(channel.received).toContain('exit-signal')
  }),
  ...[
    { ident: 'SSH-2.0-OpenSSH_9.2 raw', isTold: true },
    { ident: 'SSH-2.0-raw_1.0', isTold: false },
  ].map(({ ident, isTold }) =>
    scenario(
      `tells ${ident}${isTold ? '' : ' nothing of'} the end of reading`,
      [11],
      async (context) => {
        const channel = await (await context.connect({ ident })).openSession()
        channel.send(exec('exec <&-; echo hi; exit 3'))
        await channel.untilReceived('CLOSE')
        expect(channel.received.includes('eow@openssh.com')).toBe(isTold)
        expect(channel.stdout.toString()).toBe('hi\n')
        expect(channel.exitCode).toBe(3)
      },
    ),
  ),
  scenario('ends the input of a program that starts after EOF', [5, 10], eofBeforeProgram, {
    difference:
      'sshd forgets an EOF that comes before the program, which then waits for its input for ever; ' +
      'ours ends the input',
  }),
]

async function eofBeforeProgram({ server, connect }: ScenarioContext): Promise<void> {
  const client = await connect()
  const channel = await client.openSession()
  channel.send(eof, exec('cat; echo end; exit 3'))
  if (server.kind === 'sshd') {
    // A whole session later its program still waits.
    await channel.untilAnswered()
    const other = await startProgram(client, 'exit 4')
    await other.untilReceived('CLOSE')
    expect(channel.received).not.toContain('CLOSE')
    return
  }
  await channel.untilReceived('CLOSE')
  expect(channel.stdout.toString()).toBe('end\n')
  expect(channel.exitCode).toBe(3)
}
