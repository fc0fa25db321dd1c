import { expect } from 'expect'
import { string, uint32 } from '../../wire/fields'
import type { RawChannel } from '../../wire/raw-channel'
import type { RawClient } from '../../wire/raw-client'
import {
  adjust,
  close,
  data,
  env,
  eof,
  exec,
  extendedData,
  failure,
  message,
  messageNumbers,
  pty,
  request,
  signal,
  success,
  type RawMessage,
} from '../../wire/raw-messages'
import { finishCat, startProgram } from '../../wire/start-program'
import { scenario, type Scenario, type ScenarioContext } from '../scenario'

const { windowAdjust, openConfirmation, openFailure } = messageNumbers
/** SSH_MSG_GLOBAL_REQUEST (RFC 4254 section 4). */
const globalRequest = 80
const one = uint32(1)
const x = Buffer.from('x')
const no = Buffer.of(0)

/** What no client may send, to a session whose program runs. The connection ends at either server. */
const faults: Readonly<Record<string, RawMessage>> = {
  'DATA without a length': message(messageNumbers.data),
  'DATA that is cut short': message(messageNumbers.data, uint32(100), x),
  'DATA with the longest length': message(messageNumbers.data, uint32(2 ** 32 - 1), x),
  'DATA with more behind it': message(messageNumbers.data, string('x'), x),
  'EOF with more behind it': message(messageNumbers.eof, x),
  'CLOSE with more behind it': message(messageNumbers.close, x),
  'WINDOW_ADJUST that is cut short': message(windowAdjust, x, x),
  'WINDOW_ADJUST with more behind it': message(windowAdjust, one, x),
  'a request without a type': message(messageNumbers.request),
  'a request type that is cut short': message(messageNumbers.request, uint32(500), x),
  'a request without a wish': message(messageNumbers.request, string('exec')),
  'window-change that is cut short': request('window-change', [one]),
  'window-change with more behind it': request('window-change', [one, one, one, one, one]),
  'break that is cut short': request('break'),
  'break with more behind it': request('break', [one, one]),
  'eow@openssh.com with more behind it': request('eow@openssh.com', [one], false),
  'a number of DATA alone': () => Buffer.of(messageNumbers.data),
  'EOF with half a channel': () => Buffer.of(messageNumbers.eof, 0, 0),
  'CLOSE with half a channel': () => Buffer.of(messageNumbers.close, 0, 0),
  'a request with half a channel': () => Buffer.of(messageNumbers.request, 0, 0),
  'a packet that is far too long': data(Buffer.alloc(300_000)),
}

/** The same before a program was asked for. */
const earlyFaults: Readonly<Record<string, RawMessage>> = {
  'exec that is cut short': request('exec'),
  'exec with more behind it': request('exec', [string('x'), string('x')]),
  'shell with more behind it': request('shell', [one]),
  'subsystem that is cut short': request('subsystem'),
  'subsystem with more behind it': request('subsystem', [string('x'), one]),
  'window-change that is cut short': request('window-change', [one]),
  'x11-req with more behind it': request('x11-req', [no, string('a'), string('b'), one, one]),
  'pty-req with more behind it': request('pty-req', [
    string('x'),
    one,
    one,
    one,
    one,
    string(''),
    one,
  ]),
  'a request to open that is cut short': () =>
    Buffer.concat([Buffer.of(messageNumbers.open), string('session'), one]),
  'a global request that is cut short': () => Buffer.of(globalRequest, 0, 0, 0, 9),
  'pty-req that is cut short': request('pty-req', [string('xterm')]),
  'pty-req with modes that are cut short': pty(Buffer.of(1, 0)),
  'env that is cut short': request('env', [string('LC_A')]),
  'env with more behind it': request('env', [string('LC_A'), string('x'), string('x')]),
  'x11-req that is cut short': request('x11-req'),
  'auth-agent-req@openssh.com with more behind it': request('auth-agent-req@openssh.com', [one]),
}

/** What sshd does not look at once a program runs. */
const unreadFaults: Readonly<Record<string, RawMessage>> = {
  'EXTENDED_DATA that is cut short': message(messageNumbers.extendedData, one),
  'EXTENDED_DATA with more behind it': message(messageNumbers.extendedData, one, string('x'), x),
  'SUCCESS with more behind it': message(messageNumbers.success, x),
  'FAILURE with more behind it': message(messageNumbers.failure, x),
  'env that is cut short': request('env', [string('LC_A')], false),
  'signal with more behind it': request('signal', [string('USR1'), one], false),
  'signal that is cut short': request('signal', [], false),
  'a second exec that is cut short': request('exec', [], false),
  'a second pty-req that is cut short': request('pty-req', [string('xterm')], false),
}

/** What is well formed and means nothing. */
const oddities: Readonly<Record<string, RawMessage>> = {
  'a request without a name': request('', [], false),
  'a request with a name of 20 KB': request('x'.repeat(20_000), [], false),
  'a request with a name that is no text': request(Buffer.of(0xff, 0xfe, 0), [], false),
  'an unknown request with fields': request('x@example.org', [Buffer.alloc(1000)], false),
  'xon-xoff, which only a server sends': request('xon-xoff', [no], false),
  'exit-status, which only a server sends': request('exit-status', [one], false),
  'a reply to no request': (channel) => success(channel),
  'a refusal of no request': (channel) => failure(channel),
  'a reply for no channel': () => success(77),
  'an adjustment for no channel': () => adjust(1)(77),
  'a request to open no known type': () =>
    Buffer.concat([Buffer.of(messageNumbers.open), string('x@example.org'), one, one, one]),
}

/** What is for a channel that there is not. */
const strays: Readonly<Record<string, RawMessage>> = {
  DATA: data('x'),
  EXTENDED_DATA: extendedData('x'),
  EOF: eof,
  CLOSE: close,
  'a request': env('LC_A', 'x', false),
  'a signal': signal('TERM', false),
  'a confirmation': message(openConfirmation, one, one, one),
  'a refusal to open': message(openFailure, one, string(''), string('')),
}

/** What a faulty or hostile client sends: its own connection may end, and no other is the worse for it. */
export const wireFaultScenarios: readonly Scenario[] = [
  ...Object.entries(faults).map(([name, fault]) =>
    scenario(`ends the one connection that sends ${name}`, [9, 10], (context) =>
      besideHonest(context, async (client, channel) => {
        channel.send(fault)
        await client.connection.untilDisconnected()
      }),
    ),
  ),
  ...Object.entries(earlyFaults).map(([name, fault]) =>
    scenario(`ends the one connection that sends, before a program, ${name}`, [2, 3], (context) =>
      besideHonest(context, async (client) => {
        const channel = await client.openSession()
        channel.send(fault)
        await client.connection.untilDisconnected()
        expect(channel.received).toEqual(['OPEN_CONFIRMATION'])
      }),
    ),
  ),
  ...Object.entries(unreadFaults).map(([name, fault]) =>
    scenario(
      `ends the one connection that sends a running program ${name}`,
      [3, 4],
      (context) =>
        besideHonest(context, async (client, channel) => {
          channel.send(fault)
          if (context.server.kind === 'sshd') await finishCat(channel, 'x\n')
          else expect((await client.connection.untilDisconnected()).reasonCode).toBe(2)
        }),
      {
        difference:
          'sshd does not read what it is going to drop or refuse, and so does not notice; ours reads ' +
          'every message as a whole and ends the connection of a peer that cannot write one',
      },
    ),
  ),
  ...Object.entries(oddities).map(([name, oddity]) =>
    scenario(`goes on after ${name}`, [4], (context) =>
      besideHonest(context, async (_, channel) => {
        channel.send(oddity)
        await finishCat(channel, 'x\n')
      }),
    ),
  ),
  ...Object.entries(strays).map(([name, stray]) =>
    scenario(`ends the one connection that sends ${name} for no channel`, [23], (context) =>
      besideHonest(context, async (client) => {
        client.connection.send(stray(77))
        await client.connection.untilDisconnected()
      }),
    ),
  ),
  ...commandScenarios(),
]

/** Commands and variables that are no text, or none that a program can be given. */
function commandScenarios(): readonly Scenario[] {
  return [
    scenario('runs an empty command', [8], async ({ connect }) => {
      const channel = await (await connect()).openSession()
      channel.send(exec(''), eof)
      await channel.untilReceived('CLOSE')
      expect(channel.exitCode).toBe(0)
      expect(channel.stdout.toString()).toBe('')
    }),
    scenario('runs a command that is not UTF-8 byte by byte', [8], async ({ connect }) => {
      const channel = await (await connect()).openSession()
      const bytes = Buffer.from([0xff, 0xfe, 0x80, 0xc3, 0x28])
      channel.send(exec(Buffer.concat([Buffer.from("printf '"), bytes, Buffer.from("'")])), eof)
      await channel.untilReceived('CLOSE')
      expect(channel.stdout.toString('hex')).toBe(bytes.toString('hex'))
    }),
    scenario('takes any value above 0 for true', [4], async ({ connect }) => {
      const channel = await (await connect()).openSession()
      const trueish = Buffer.of(0x80)
      channel.send(message(messageNumbers.request, string('exec'), trueish, string('echo hi')))
      await channel.untilReceived('CLOSE')
      expect(channel.stdout.toString()).toBe('hi\n')
    }),
    scenario('passes a variable of 30 KB', [7], async ({ connect }) => {
      const channel = await (await connect()).openSession()
      channel.send(env('LC_LONG', 'x'.repeat(30_000)), exec('printf %s "$LC_LONG" | wc -c'))
      await channel.untilReceived('CLOSE')
      expect(channel.stdout.toString()).toBe('30000\n')
    }),
    scenario('gives a program nothing of a command or variable with a NUL', [6, 7], refuseNul, {
      difference:
        'sshd ends the connection of a client that puts a NUL into a command or value, and cuts a name ' +
        'there; ours answers failure and the session goes on',
    }),
  ]
}

async function refuseNul({ server, connect }: ScenarioContext): Promise<void> {
  for (const faulty of [exec('echo a\0b'), env('LC_A', 'a\0b')]) {
    const client = await connect()
    const channel = await client.openSession()
    channel.send(faulty)
    if (server.kind === 'sshd') {
      await client.connection.untilDisconnected()
      continue
    }
    await channel.untilAnswered()
    channel.send(exec('printf %s "<$LC_A>"'), eof)
    await channel.untilReceived('CLOSE')
    expect(channel.replies).toEqual(['FAILURE', 'SUCCESS'])
    expect(channel.stdout.toString()).toBe('<>')
  }
}

/** Runs what is faulty beside an honest client, whose program must not notice, nor the server. */
async function besideHonest(
  { connect }: ScenarioContext,
  misbehave: (client: RawClient, channel: RawChannel) => Promise<void>,
): Promise<void> {
  const honest = await startProgram(await connect(), 'cat')
  const client = await connect()
  await misbehave(client, await startProgram(client, 'cat'))
  await finishCat(honest, 'still here\n')
  await finishCat(await startProgram(await connect(), 'cat'), 'a new one\n')
}
