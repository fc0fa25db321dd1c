import { once } from 'node:events'
import { connect } from 'node:net'
import { data, close, exec, pty, shell, type RawMessage } from '../wire/raw-messages'
import type { RawChannel } from '../wire/raw-channel'
import type { RawClient } from '../wire/raw-client'
import { sleepingProgram } from './soak-programs'
import {
  reportedEnd,
  untilClosed,
  withOwnClient,
  type SoakContext,
  type SoakSession,
} from './soak-session'

/** Sessions whose client goes away, at a random moment and in every way but a polite one. */
export const faultSessions: readonly [SoakSession, ...SoakSession[]] = [
  { name: 'a connection reset while a program writes', run: resetWhileWriting },
  { name: 'a connection reset while a program reads', run: resetWhileReading },
  { name: 'a connection reset with the window shut', run: resetWithWindowShut },
  { name: 'a connection reset with a terminal', run: resetWithTerminal },
  { name: 'a connection reset while many programs run', run: resetManyChannels },
  { name: 'a connection reset right after the command', run: resetAfterCommand },
  { name: 'a connection reset in the middle of a login', run: resetInLogin },
  { name: 'a connection reset with a program that minds nothing', run: resetDeafProgram },
  { name: 'a channel closed while a program writes', run: closeWhileWriting },
  { name: 'a channel closed before its program', run: closeBeforeProgram },
]

async function resetWhileWriting({ server, random }: SoakContext): Promise<void> {
  await withOwnClient(server, async (client) => {
    const channel = await start(client, [exec('exec yes')])
    await untilReceived(channel, random.byteCount())
    await reset(client)
  })
}

async function resetWhileReading({ server, random }: SoakContext): Promise<void> {
  await withOwnClient(server, async (client) => {
    const channel = await start(client, [exec('exec cat >/dev/null')])
    channel.send(data(Buffer.alloc(Math.min(random.byteCount(), 32_768))))
    await reset(client)
  })
}

async function resetWithWindowShut({ server, random }: SoakContext): Promise<void> {
  await withOwnClient(server, async (client) => {
    const windowBytes = random.integer(0, 5000)
    const options = { windowBytes, keepsWindow: false }
    const channel = await start(client, [exec('yes & yes >&2; wait')], options)
    await channel.until(() => receivedBytes(channel) === windowBytes, 'the window should fill')
    await reset(client)
  })
}

async function resetWithTerminal({ server, random }: SoakContext): Promise<void> {
  await withOwnClient(server, async (client) => {
    const program = random.pick([exec('exec yes'), exec('exec sleep 1000'), shell()])
    const channel = await start(client, [pty(), program, data('echo typed ahead\n')])
    await untilReceived(channel, 1)
    await reset(client)
  })
}

async function resetManyChannels({ server, random }: SoakContext): Promise<void> {
  await withOwnClient(server, async (client) => {
    for (let count = random.integer(2, 9); count > 0; count -= 1) {
      const options = { windowBytes: random.integer(0, 100_000), keepsWindow: false }
      await start(client, [exec(random.pick(['exec yes', 'exec cat', 'yes >&2']))], options)
    }
    await reset(client)
  })
}

async function resetAfterCommand({ server }: SoakContext): Promise<void> {
  await withOwnClient(server, async (client) => {
    const channel = await client.openSession()
    channel.send(exec('exec cat'))
    await reset(client)
  })
}

async function resetInLogin({ server, random }: SoakContext): Promise<void> {
  const socket = connect(server.port, server.host)
  socket.on('error', () => undefined)
  await once(socket, 'connect')
  if (random.integer(0, 1) === 1) socket.write('SSH-2.0-half\r\n')
  if (random.integer(0, 1) === 1) await once(socket, 'data')
  const closed = once(socket, 'close')
  socket.resetAndDestroy()
  await closed
}

/** Under the policy of sshd it would live on, as it should; so there it is one that a shut pipe ends. */
async function resetDeafProgram({ server, policy }: SoakContext): Promise<void> {
  await withOwnClient(server, async (client) => {
    const channel = await start(client, [exec(sleepingProgram(policy))])
    await untilReceived(channel, 'ready\n'.length)
    await reset(client)
  })
}

async function closeWhileWriting({ client, random }: SoakContext): Promise<void> {
  const channel = await start(client, [exec('exec yes')])
  await untilReceived(channel, random.byteCount())
  channel.send(close)
  await untilClosed(client, channel)
  if (reportedEnd(channel) === undefined) throw new Error('the exit of a closed session is lost')
}

async function closeBeforeProgram({ client }: SoakContext): Promise<void> {
  const channel = await client.openSession()
  channel.send(close)
  await untilClosed(client, channel)
}

async function start(
  client: RawClient,
  messages: readonly RawMessage[],
  options = {},
): Promise<RawChannel> {
  const channel = await client.openSession(options)
  channel.send(...messages)
  await channel.untilReceived('SUCCESS')
  return channel
}

async function untilReceived(channel: RawChannel, byteCount: number): Promise<void> {
  await channel.until(() => receivedBytes(channel) >= byteCount, `${byteCount} bytes should come`)
}

function receivedBytes({ messages }: RawChannel): number {
  const isData = (name: string): boolean => name === 'DATA' || name === 'EXTENDED_DATA'
  return messages.reduce((sum, { name, bytes }) => sum + (isData(name) ? bytes.length : 0), 0)
}

async function reset({ connection }: RawClient): Promise<void> {
  connection.socket.resetAndDestroy()
  await connection.disconnected
}
