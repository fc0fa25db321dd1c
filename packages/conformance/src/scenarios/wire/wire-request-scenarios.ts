import { expect } from 'expect'
import type { RawChannel } from '../../wire/raw-channel'
import {
  breakRequest,
  data,
  env,
  eof,
  exec,
  pty,
  request,
  shell,
  signal,
  subsystem,
  unknownRequest,
  windowChange,
  type RawMessage,
} from '../../wire/raw-messages'
import { startProgram } from '../../wire/start-program'
import { permutationsOf, seededNumbers } from './orders'
import { scenario, type Scenario, type ScenarioContext } from '../scenario'

/** Requests in every order: each that wants a reply gets one, in turn, and the program goes on. */
export const wireRequestScenarios: readonly Scenario[] = [
  scenario(
    'answers every order of requests sent with the command at once',
    [2, 3, 4, 5],
    (context) => inOneSegment(context, permutationsOf(['env', 'window-change', 'unknown', 'exec'])),
  ),
  scenario('answers every order of requests sent one by one', [2, 3, 4], (context) =>
    oneByOne(context, permutationsOf(['env refused', 'signal unknown', 'window-change', 'exec'])),
  ),
  ...[1, 2, 3].map((seed) =>
    scenario(`answers a long list of requests sent at once (list ${seed})`, [3, 4, 5], (context) =>
      inOneSegment(context, shuffledLists(seed)),
    ),
  ),
  scenario('answers nothing that wants no reply', [4], answerOnlyWhatWantsIt),
  scenario(
    'delivers input and its end sent with the command at once',
    [1, 5, 10],
    async (context) => {
      const channel = await (await context.connect()).openSession()
      channel.send(exec('cat; echo end; exit 3'), data('one\n'), data('two\n'), eof)
      await channel.untilReceived('CLOSE')
      expect(channel.stdout.toString()).toBe('one\ntwo\nend\n')
      expect(channel.exitCode).toBe(3)
    },
  ),
  ...['HUP', 'INT', 'QUIT', 'TERM', 'USR1', 'USR2'].map((name) =>
    scenario(`delivers ${name} before and after the end of the input`, [13, 14], (context) =>
      signalTwice(context, name),
    ),
  ),
  scenario(
    'delivers a signal sent together with the command',
    [5, 13],
    async ({ server, connect }) => {
      const channel = await (await connect()).openSession()
      channel.send(exec('echo ready; exec sleep 600'), signal('TERM'))
      await channel.untilAnswered()
      if (server.kind === 'sshd' && channel.replies[1] === 'FAILURE') {
        await channel.untilOutput('ready')
        channel.send(signal('KILL'))
      }
      await channel.untilReceived('CLOSE')
      expect(channel.received).toContain('exit-signal')
    },
    {
      difference:
        'sshd mostly fails such a signal, for its child has no process group yet; ours keeps it until ' +
        'the program runs',
    },
  ),
  scenario('refuses signals that it does not know, and the program runs on', [14], refuseSignals),
  scenario('refuses a break without a terminal', [14], async ({ connect }) => {
    const channel = await startProgram(await connect(), 'cat')
    channel.send(breakRequest(), data('x'), eof)
    await channel.untilReceived('CLOSE')
    expect(channel.replies).toEqual(['SUCCESS', 'FAILURE'])
    expect(channel.stdout.toString()).toBe('ready\nx')
  }),
  scenario('sends a break to a terminal', [14], breakOnTerminal, { needsTerminal: true }),
  scenario('starts a terminal with the last size of every order', [2, 13], sizesOnTerminal, {
    needsTerminal: true,
  }),
  scenario('refuses a second terminal once a program runs', [2, 4], async ({ connect }) => {
    const channel = await startProgram(await connect(), 'cat')
    channel.send(pty(), env('LC_A', '1'), request('auth-agent-req@openssh.com'), data('x'), eof)
    await channel.untilReceived('CLOSE')
    expect(channel.replies).toEqual(['SUCCESS', 'FAILURE', 'FAILURE', 'FAILURE'])
    expect(channel.stdout.toString()).toBe('ready\nx')
  }),
  scenario('starts a command after the refusal of a subsystem', [3, 4], async ({ connect }) => {
    const channel = await (await connect()).openSession()
    channel.send(subsystem('no-such-subsystem'))
    await channel.untilAnswered()
    channel.send(exec('echo hi'))
    await channel.untilReceived('CLOSE')
    expect(channel.replies).toEqual(['FAILURE', 'SUCCESS'])
    expect(channel.stdout.toString()).toBe('hi\n')
  }),
  scenario(
    'answers a command sent together with a subsystem that there is not',
    [3, 4],
    runBehind,
    {
      difference:
        'sshd decides at once and then starts the command; ours may decide late, so a second program ' +
        'that is asked for before the decision is refused',
    },
  ),
]

/** A request, and what becomes of it before and after a program was asked for. */
const requests: Readonly<Record<Asked, AskedRequest>> = {
  env: { make: (reply) => env('LC_HAWSE', 'x', reply), before: 'SUCCESS', after: 'FAILURE' },
  'env refused': { make: (reply) => env('HAWSE', 'x', reply), before: 'FAILURE', after: 'FAILURE' },
  'window-change': {
    make: (reply) => windowChange(90, 30, reply),
    before: 'SUCCESS',
    after: 'SUCCESS',
  },
  'signal unknown': { make: (reply) => signal('NONE', reply), before: 'FAILURE', after: 'FAILURE' },
  unknown: { make: unknownRequest, before: 'FAILURE', after: 'FAILURE' },
  break: { make: (reply) => breakRequest(500, reply), before: 'FAILURE', after: 'FAILURE' },
  exec: { make: (reply) => exec('cat; echo end', reply), before: 'SUCCESS', after: 'FAILURE' },
  shell: { make: shell, before: 'SUCCESS', after: 'FAILURE' },
  subsystem: { make: (reply) => subsystem('sftp', reply), before: 'SUCCESS', after: 'FAILURE' },
}

interface AskedRequest {
  readonly make: (wantsReply?: boolean) => RawMessage
  readonly before: string
  readonly after: string
}

type Asked =
  | 'env'
  | 'env refused'
  | 'window-change'
  | 'signal unknown'
  | 'unknown'
  | 'break'
  | 'exec'
  | 'shell'
  | 'subsystem'

/** Expected replies of a list in which `exec` starts the program. */
function repliesTo(names: readonly Asked[]): readonly string[] {
  const start = names.indexOf('exec')
  return names.map((name, index) => (index <= start ? requests[name].before : requests[name].after))
}

/** Lists of 15 requests with the command among the first, in an order of their own. */
function shuffledLists(seed: number): readonly (readonly Asked[])[] {
  const next = seededNumbers(seed)
  const beforeStart: readonly Asked[] = ['env', 'env refused', 'window-change', 'unknown', 'break']
  const afterStart: readonly Asked[] = [
    ...beforeStart,
    'signal unknown',
    'exec',
    'shell',
    'subsystem',
  ]
  const pick = (from: readonly Asked[]): Asked => from[next(from.length)] ?? 'unknown'
  return Array.from({ length: 8 }, () => [
    ...Array.from({ length: 5 }, () => pick(beforeStart)),
    'exec',
    ...Array.from({ length: 9 }, () => pick(afterStart)),
  ])
}

async function inOneSegment(
  { connect }: ScenarioContext,
  orders: readonly (readonly Asked[])[],
): Promise<void> {
  const client = await connect()
  for (const names of orders) {
    const channel = await client.openSession()
    channel.send(...names.map((name) => requests[name].make()), data('in\n'), eof)
    await expectUndisturbed(channel, names)
  }
}

async function oneByOne(
  { connect }: ScenarioContext,
  orders: readonly (readonly Asked[])[],
): Promise<void> {
  const client = await connect()
  for (const names of orders) {
    const channel = await client.openSession()
    for (const name of names) {
      channel.send(requests[name].make())
      await channel.untilAnswered()
    }
    channel.send(data('in\n'), eof)
    await expectUndisturbed(channel, names)
  }
}

async function expectUndisturbed(channel: RawChannel, names: readonly Asked[]): Promise<void> {
  await channel.untilReceived('CLOSE')
  expect({ names, replies: channel.replies }).toEqual({ names, replies: repliesTo(names) })
  expect(channel.stdout.toString()).toBe('in\nend\n')
  expect(channel.exitCode).toBe(0)
}

async function answerOnlyWhatWantsIt({ connect }: ScenarioContext): Promise<void> {
  const channel = await (await connect()).openSession()
  const { unknown, break: breakAsked, ...others } = requests
  const silent = Object.values(others).map(({ make }) => make(false))
  channel.send(unknown.make(true), ...silent, breakAsked.make(true), exec('x'), data('in\n'), eof)
  await channel.untilReceived('CLOSE')
  expect(channel.replies).toEqual(['FAILURE', 'FAILURE', 'FAILURE'])
  expect(channel.stdout.toString()).toBe('in\nend\n')
}

async function runBehind({ server, connect }: ScenarioContext): Promise<void> {
  const channel = await (await connect()).openSession()
  channel.send(subsystem('no-such-subsystem'), exec('echo hi'))
  await channel.untilAnswered()
  const second = server.kind === 'sshd' ? 'SUCCESS' : 'FAILURE'
  expect(channel.replies).toEqual(['FAILURE', second])
}

async function signalTwice({ connect }: ScenarioContext, name: string): Promise<void> {
  const trap = `n=0; trap 'n=$((n+1)); echo got-$n' ${name}`
  // The trap runs when `wait` is interrupted; the sleeping child has its own end by then or by the KILL.
  const channel = await startProgram(await connect(), `${trap}; echo set; ${sleepingLoop}`)
  await channel.untilOutput('set')
  channel.send(signal(name))
  await channel.untilOutput('got-1')
  channel.send(eof, signal(name))
  await channel.untilOutput('got-2')
  channel.send(signal('KILL'))
  await channel.untilReceived('CLOSE')
  expect(channel.replies).toEqual(['SUCCESS', 'SUCCESS', 'SUCCESS', 'SUCCESS'])
  expect(channel.received).toContain('exit-signal')
}

const sleepingLoop = 'while :; do sleep 5 & wait $!; done'

async function refuseSignals({ connect }: ScenarioContext): Promise<void> {
  const channel = await startProgram(await connect(), 'cat')
  const names = ['NONE', 'SIGTERM', 'term', '', '9', 'TERM@example.org', 'x'.repeat(1000)]
  channel.send(...names.map((name) => signal(name)), data('x'), eof)
  await channel.untilReceived('CLOSE')
  expect(channel.replies).toEqual(['SUCCESS', ...names.map(() => 'FAILURE')])
  expect(channel.stdout.toString()).toBe('ready\nx')
}

async function breakOnTerminal({ connect }: ScenarioContext): Promise<void> {
  const channel = await (await connect()).openSession()
  channel.send(pty(), exec('echo ready; read line; echo "<$line>"'))
  await channel.untilOutput('ready')
  channel.send(breakRequest(), data('in\n'))
  await channel.untilReceived('CLOSE')
  expect(channel.replies).toEqual(['SUCCESS', 'SUCCESS', 'SUCCESS'])
  expect(channel.stdout.toString()).toMatch(/<.*in>\r\n$/)
}

async function sizesOnTerminal({ connect }: ScenarioContext): Promise<void> {
  const client = await connect()
  const sizes = [
    { make: pty(), columns: 80 },
    { make: windowChange(101, 31), columns: 101 },
    { make: windowChange(102, 32), columns: 102 },
  ]
  for (const order of permutationsOf(sizes)) {
    const channel = await client.openSession()
    channel.send(...order.map(({ make }) => make), exec('stty size'))
    await channel.untilReceived('CLOSE')
    expect(channel.replies).toEqual(['SUCCESS', 'SUCCESS', 'SUCCESS', 'SUCCESS'])
    expect(channel.stdout.toString()).toContain(` ${order.at(-1)?.columns ?? 0}\r\n`)
  }
}
