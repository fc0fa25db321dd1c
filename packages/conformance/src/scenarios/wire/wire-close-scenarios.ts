import { waitUntil } from '@hawse/port-conformance'
import { expect } from 'expect'
import { isRunning } from '../../peers/processes'
import type { RawChannel } from '../../wire/raw-channel'
import { adjust, close, data, env, eof, exec, pty, type RawMessage } from '../../wire/raw-messages'
import { startProgram } from '../../wire/start-program'
import { scenario, type Scenario, type ScenarioContext } from '../scenario'

/** CLOSE of the client at every moment. */
export const wireCloseScenarios: readonly Scenario[] = [
  ...(
    [
      ['right after the open', []],
      ['after a request', [env('LC_A', '1')]],
      ['after EOF', [eof]],
    ] as const
  ).map(([moment, before]) =>
    scenario(`answers a CLOSE ${moment} at once`, [23], async ({ connect }) => {
      const channel = await (await connect()).openSession()
      channel.send(...before, close)
      await channel.untilReceived('CLOSE')
      expect(channel.received).not.toContain('EOF')
      expect(channel.received).not.toContain('exit-status')
    }),
  ),
  scenario('answers a CLOSE after a terminal was asked for', [23], closeAfterTerminal, {
    needsTerminal: true,
  }),
  scenario(
    'reports the end of a program whose CLOSE came with the command',
    [23],
    async (context) => {
      const channel = await (await context.connect()).openSession()
      channel.send(exec('exit 3'), close)
      await channel.untilReceived('CLOSE')
      expectReportThenClose(channel)
    },
  ),
  scenario('reports the exit after a CLOSE while the program runs', [23], (context) =>
    closeProgram(context, 'cat; exit 3', [close]),
  ),
  scenario('reports the exit after EOF and CLOSE sent at once', [23], (context) =>
    closeProgram(context, 'cat; exit 3', [data('x'), eof, close]),
  ),
  scenario('answers a second CLOSE with nothing', [23], (context) =>
    closeProgram(context, 'cat; exit 3', [close, close]),
  ),
  scenario('minds nothing that follows a CLOSE', [18, 23], (context) =>
    closeProgram(context, 'cat; exit 3', [close, data('x'), eof, adjust(5), close]),
  ),
  scenario('waits with its CLOSE for a program that lives on', [23], closeLongLived),
  ...(
    [
      ['CLOSE', [close]],
      ['EOF and CLOSE', [data('x'), eof, close]],
    ] as const
  ).map(([name, messages]) =>
    scenario(`frees a program that a shut window holds, by ${name}`, [16, 23, 25], (context) =>
      freeWriter(context, messages),
    ),
  ),
  scenario('frees a program whose both outputs a shut window holds', [16, 23], async (context) => {
    const options = { windowBytes: 1000, keepsWindow: false }
    const client = await context.connect()
    const channel = await startProgram(client, 'yes & yes >&2; wait; exit 0', options)
    const isFull = (): boolean => channel.stdout.length + channel.stderr.length === 1000
    await channel.until(isFull, 'the window should fill')
    channel.send(close)
    await channel.untilReceived('CLOSE')
    expectReportThenClose(channel)
  }),
  scenario('answers a CLOSE that follows the report of the exit', [22, 23], closeAfterReport),
  scenario('hangs up a terminal at a CLOSE', [23, 25], hangUpTerminal, { needsTerminal: true }),
  scenario('starts nothing after a CLOSE', [23], execAfterClose, {
    difference:
      'sshd still runs a command that is asked for after CLOSE, though RFC 4254 ends the channel there',
  }),
]

/** The end of a channel that its client closed: one report, CLOSE, and no EOF. */
function expectReportThenClose(channel: RawChannel): void {
  const names = channel.received.filter((name) => /^(exit-|CLOSE|EOF)/.test(name))
  expect(names).toEqual([expect.stringMatching(/^exit-(status|signal)$/), 'CLOSE'])
}

async function closeProgram(
  { connect }: ScenarioContext,
  command: string,
  messages: readonly RawMessage[],
): Promise<void> {
  const client = await connect()
  const channel = await startProgram(client, command)
  channel.send(...messages)
  await channel.untilReceived('CLOSE')
  expectReportThenClose(channel)
  expect(channel.exitCode).toBe(3)
  // Its number is free again, and the connection is not the worse for it.
  const next = await startProgram(client, 'exit 4')
  await next.untilReceived('CLOSE')
  expect(next.exitCode).toBe(4)
}

async function freeWriter(
  { connect }: ScenarioContext,
  messages: readonly RawMessage[],
): Promise<void> {
  const options = { windowBytes: 1000, keepsWindow: false }
  const channel = await startProgram(await connect(), 'exec yes', options)
  await channel.until(() => channel.stdout.length === 1000, 'the window should fill')
  channel.send(...messages)
  await channel.untilReceived('CLOSE')
  expect(channel.received).toContain('exit-signal')
  expect(channel.received).not.toContain('EOF')
}

async function closeAfterTerminal({ connect }: ScenarioContext): Promise<void> {
  const channel = await (await connect()).openSession()
  channel.send(pty(), close)
  await channel.untilReceived('CLOSE')
  expect(channel.received).toEqual(['OPEN_CONFIRMATION', 'SUCCESS', 'CLOSE'])
}

async function closeLongLived({ connect, folder }: ScenarioContext): Promise<void> {
  const client = await connect()
  const wait = folder.waitFor('go')
  const channel = await startProgram(client, `${wait}; exit 5`)
  channel.send(close)
  // A whole session later it still has not been answered.
  const other = await startProgram(client, 'exit 4')
  await other.untilReceived('CLOSE')
  expect(channel.received).not.toContain('CLOSE')
  await startProgram(client, `: > ${folder.file('go')}`)
  await channel.untilReceived('CLOSE')
  expectReportThenClose(channel)
  expect(channel.exitCode).toBe(5)
}

async function closeAfterReport({ connect, folder }: ScenarioContext): Promise<void> {
  const client = await connect()
  const wait = folder.waitFor('go')
  const channel = await startProgram(client, `(${wait}; echo late) & exit 3`)
  await channel.untilReceived('exit-status')
  channel.send(close)
  await channel.untilReceived('CLOSE')
  await startProgram(client, `: > ${folder.file('go')}`)
  expect(channel.stdout.toString()).toBe('ready\n')
  expectReportThenClose(channel)
}

async function hangUpTerminal({ connect }: ScenarioContext): Promise<void> {
  const program = `sleep 600.${Math.floor(Math.random() * 1e9)}`
  const channel = await (await connect()).openSession()
  channel.send(pty(), exec(`echo ready; ${program}; echo over`))
  await channel.untilOutput('ready')
  channel.send(close)
  await channel.untilReceived('CLOSE')
  expectReportThenClose(channel)
  await waitUntil(
    () => !isRunning(program),
    () => `"${program}" should end with its terminal`,
  )
}

async function execAfterClose({ server, connect }: ScenarioContext): Promise<void> {
  const channel = await (await connect()).openSession()
  channel.send(close, exec('exit 3', false))
  await channel.untilReceived('CLOSE')
  const report = server.kind === 'sshd' ? 3 : undefined
  expect(channel.exitCode).toBe(report)
}
