import type { RunningNodeServer } from '../servers/node-server'
import { connectRaw, type RawClient } from '../wire/raw-client'
import { exec, pty, shell, type RawMessage } from '../wire/raw-messages'
import { createRandom, type Random } from './random'
import { untilNoSessionProcess } from './server-resources'
import { sleepingProgram } from './soak-programs'
import { reportedEnd, requireNoAccusation, sessionBoundMs, untilClosed } from './soak-session'
import { startSoakServer, type DisconnectPolicy } from './soak-server'
import { runAtOnce, type SessionCounts } from './soak-run'

/** How a server is stopped in the middle of sessions. */
export type Stop = 'SIGTERM' | 'SIGKILL'

const connectionCount = 5
const sessionsPerConnection = 6

/** Stops a server in the middle of sessions, looks for what is left, and starts it again on the same port. */
export async function soakStop(
  stop: Stop,
  policy: DisconnectPolicy,
  seed: number,
  counts: SessionCounts,
): Promise<void> {
  const server = await startSoakServer(policy)
  try {
    const clients = await Promise.all(
      Array.from({ length: connectionCount }, (_, index) =>
        startPrograms(server, stop === 'SIGKILL' ? 'sshd' : policy, createRandom(seed + index)),
      ),
    )
    await (stop === 'SIGTERM' ? stopGracefully(server, clients) : stopAbruptly(server, clients))
    await untilNoSessionProcess(server.port)
  } finally {
    await server.stop()
  }
  const name = `a server stopped by ${stop}`
  counts.set(name, (counts.get(name) ?? 0) + connectionCount * sessionsPerConnection)
  await serveAgain(server.port, policy, seed)
}

/** Programs of every kind; at SIGKILL nobody is left to end one that minds neither pipes nor its terminal. */
async function startPrograms(
  server: RunningNodeServer,
  policy: DisconnectPolicy,
  random: Random,
): Promise<RawClient> {
  const client = await connectRaw(server, { boundMs: sessionBoundMs })
  const programs: readonly (readonly RawMessage[])[] = [
    [exec('exec yes')],
    [exec('exec cat')],
    [pty(), exec('exec sleep 1000')],
    [pty(), shell()],
    [exec('yes & yes >&2; wait')],
    [exec(sleepingProgram(policy))],
  ]
  for (const messages of programs) {
    const windowBytes = random.integer(1000, 2 ** 21)
    const channel = await client.openSession({ windowBytes, keepsWindow: false })
    channel.send(...messages)
    await channel.untilReceived('SUCCESS')
  }
  return client
}

/** Every session is hung up, its exit is reported, and the server ends by itself with 0. */
async function stopGracefully(
  server: RunningNodeServer,
  clients: readonly RawClient[],
): Promise<void> {
  process.kill(server.processId, 'SIGTERM')
  for (const client of clients) {
    for (const channel of client.channels) {
      await untilClosed(client, channel)
      if (reportedEnd(channel) === undefined) throw new Error('a stop loses the exit of a program')
    }
    requireNoAccusation(client)
    await client.connection.untilDisconnected()
  }
  const code = await server.ended
  if (code !== 0)
    throw new Error(`after SIGTERM the server should exit with 0, not ${String(code)}`)
}

async function stopAbruptly(
  server: RunningNodeServer,
  clients: readonly RawClient[],
): Promise<void> {
  process.kill(server.processId, 'SIGKILL')
  await server.ended
  for (const client of clients) await client.connection.untilDisconnected()
}

async function serveAgain(port: number, policy: DisconnectPolicy, seed: number): Promise<void> {
  const server = await startSoakServer(policy, ['--listen', `127.0.0.1:${port}`])
  const run = { server, policy, seed, counts: new Map(), deadlineMs: Infinity }
  try {
    await runAtOnce({ ...run, onProgress: () => undefined }, sessionsPerConnection)
  } finally {
    await server.stop()
  }
}
