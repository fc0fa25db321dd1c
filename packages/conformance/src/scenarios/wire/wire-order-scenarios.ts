import { expect } from 'expect'
import type { RawChannel } from '../../wire/raw-channel'
import {
  adjust,
  close,
  data,
  env,
  eof,
  exec,
  pty,
  signal,
  unknownRequest,
  windowChange,
  type RawMessage,
} from '../../wire/raw-messages'
import { finishCat, startProgram } from '../../wire/start-program'
import { permutationsOf } from './orders'
import { scenario, type Scenario, type ScenarioContext } from '../scenario'

/** What may come in any order, in every order; and a CLOSE at every place of a session. */
export const wireOrderScenarios: readonly Scenario[] = [
  scenario(
    'answers EOF, signal, resize, second command, variable and unknown request in all 720 orders',
    [3, 4, 10, 13, 14],
    inEveryOrder,
  ),
  scenario('answers a CLOSE at every place among messages sent one by one', [23], (context) =>
    closeAtEveryPlace(context, oneByOne),
  ),
  scenario('answers a CLOSE at every place among messages sent at once', [23], (context) =>
    closeAtEveryPlace(context, atOnce),
  ),
  scenario('answers a CLOSE at every place of a session on a terminal', [23], closeTerminals, {
    needsTerminal: true,
  }),
]

/** What a client may send while a program runs, and the reply. EOF wants none. */
const whileRunning = {
  eof: { message: eof, reply: [] },
  signal: { message: signal('USR1'), reply: ['SUCCESS'] },
  resize: { message: windowChange(), reply: ['SUCCESS'] },
  exec: { message: exec('echo second'), reply: ['FAILURE'] },
  env: { message: env('LC_A', 'x'), reply: ['FAILURE'] },
  unknown: { message: unknownRequest(), reply: ['FAILURE'] },
} as const satisfies Readonly<Record<string, { message: RawMessage; reply: readonly string[] }>>

type Sent = keyof typeof whileRunning

/** Sessions at once: both servers have room for as many on one connection. */
const sessionsAtOnce = 8

/** The program outlives its input, or it might be gone before the signal is there. */
const program = "trap '' USR1; echo set; cat; echo end; while :; do sleep 600 & wait; done"

async function inEveryOrder({ connect }: ScenarioContext): Promise<void> {
  const client = await connect()
  const orders = [...permutationsOf(Object.keys(whileRunning) as Sent[])]
  while (orders.length > 0) {
    const batch = orders.splice(0, sessionsAtOnce)
    await Promise.all(
      batch.map(async (order) => {
        const channel = await startProgram(client, program)
        await channel.untilOutput('set')
        channel.send(data('in\n'), ...order.map((name) => whileRunning[name].message))
        await channel.untilAnswered()
        await channel.untilOutput('end')
        channel.send(signal('KILL'))
        await channel.untilReceived('CLOSE')
        expect({ order, ...seen(channel) }).toEqual({
          order,
          replies: ['SUCCESS', ...order.flatMap((name) => whileRunning[name].reply), 'SUCCESS'],
          stdout: 'ready\nset\nin\nend\n',
        })
      }),
    )
  }
}

function seen(channel: RawChannel): object {
  return { replies: channel.replies, stdout: channel.stdout.toString() }
}

/** A session from its beginning to the end of its input, as messages. */
const session: readonly RawMessage[] = [
  env('LC_A', 'x'),
  windowChange(),
  exec('cat; exit 3'),
  data('x'),
  signal('NONE'),
  unknownRequest(),
  adjust(5),
  eof,
]

/** Where the program is asked for. */
const startPlace = 2

type Sender = (channel: RawChannel, messages: readonly RawMessage[]) => Promise<void>

async function oneByOne(channel: RawChannel, messages: readonly RawMessage[]): Promise<void> {
  for (const message of messages) {
    channel.send(message)
    // The answer to a CLOSE says that none to a request will come any more.
    if (!channel.received.includes('CLOSE')) await untilAnsweredOrClosed(channel)
  }
}

function atOnce(channel: RawChannel, messages: readonly RawMessage[]): Promise<void> {
  channel.send(...messages)
  return Promise.resolve()
}

async function untilAnsweredOrClosed(channel: RawChannel): Promise<void> {
  await Promise.race([channel.untilAnswered(), channel.untilReceived('CLOSE')])
}

async function closeAtEveryPlace({ connect }: ScenarioContext, send: Sender): Promise<void> {
  const client = await connect()
  const neighbour = await startProgram(client, 'cat')
  for (let place = 0; place <= session.length; place += 1) {
    const channel = await client.openSession()
    await send(channel, [...session.slice(0, place), close])
    await channel.untilReceived('CLOSE')
    expect({ place, exitCode: channel.exitCode }).toEqual({
      place,
      exitCode: place > startPlace ? 3 : undefined,
    })
    expect(channel.received.filter((name) => name === 'CLOSE')).toHaveLength(1)
    expect(channel.received.at(-1)).toBe('CLOSE')
  }
  await finishCat(neighbour, 'still here\n')
}

async function closeTerminals({ connect }: ScenarioContext): Promise<void> {
  const client = await connect()
  const neighbour = await startProgram(client, 'cat')
  for (let place = 0; place <= session.length; place += 1) {
    const channel = await client.openSession()
    await oneByOne(channel, [pty(), ...session.slice(0, place), close])
    await channel.untilReceived('CLOSE')
    const isReported = channel.received.some((name) => name.startsWith('exit-'))
    expect({ place, isReported }).toEqual({ place, isReported: place > startPlace })
    expect(channel.received.at(-1)).toBe('CLOSE')
  }
  await finishCat(neighbour, 'still here\n')
}
