import type { RunningNodeServer } from '../servers/node-server'
import type { RawChannel } from '../wire/raw-channel'
import { connectRaw, type RawClient } from '../wire/raw-client'
import { data } from '../wire/raw-messages'
import { FieldReader } from '../wire/fields'
import type { Random } from './random'
import type { DisconnectPolicy } from './soak-server'

/** What one session of the soak has at hand. */
export interface SoakContext {
  readonly server: RunningNodeServer
  readonly policy: DisconnectPolicy
  readonly random: Random
  /** A logged-in client that other sessions use at the same time. */
  readonly client: RawClient
}

/** One session with its client, and what must come of it. */
export interface SoakSession {
  readonly name: string
  /** Rejects where an outcome or a byte is wrong. */
  readonly run: (context: SoakContext) => Promise<void>
}

/** How a program must end. */
export type ExpectedEnd = { readonly code: number } | { readonly signal: string }

/** Longest time one session may take, in milliseconds, with hundreds beside it. */
export const sessionBoundMs = 120_000

/** Runs with a client of its own, and closes it. */
export async function withOwnClient(
  server: RunningNodeServer,
  use: (client: RawClient) => Promise<void>,
): Promise<void> {
  const client = await connectRaw(server, { boundMs: sessionBoundMs })
  try {
    await use(client)
    requireNoAccusation(client)
  } finally {
    await client.connection.end()
  }
}

/** Throws where the server broke a rule of the protocol. */
export function requireNoAccusation({ connection }: RawClient): void {
  const [rule] = connection.accusations
  if (rule !== undefined) throw new Error(`the server broke a rule: ${rule}`)
}

/** Waits for CLOSE; rejects when the connection ends before. */
export async function untilClosed({ connection }: RawClient, channel: RawChannel): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const lost = connection.disconnected.then(({ description }) => {
    throw new Error(`the connection ended (${description}) before CLOSE: ${shown(channel)}`)
  })
  const late = new Promise<never>((_resolve, reject) => {
    const tell = (): void => reject(new Error(`no CLOSE: ${shown(channel)}`))
    timer = setTimeout(tell, sessionBoundMs)
  })
  await Promise.race([channel.closed, lost, late]).finally(() => clearTimeout(timer))
}

/** Compares every byte that came, and the report of the exit. */
export function requireBytes(
  channel: RawChannel,
  expected: { readonly stdout: Buffer; readonly stderr?: Buffer },
): void {
  requireSame('stdout', channel.stdout, expected.stdout)
  requireSame('stderr', channel.stderr, expected.stderr ?? Buffer.alloc(0))
}

/** Throws where the report of the exit is another, or none. */
export function requireEnd(channel: RawChannel, expected: ExpectedEnd): void {
  const seen = JSON.stringify(reportedEnd(channel) ?? 'no report')
  if (seen === JSON.stringify(expected)) return
  throw new Error(`expected ${JSON.stringify(expected)}, got ${seen}: ${shown(channel)}`)
}

/** How the server said that the program ended. */
export function reportedEnd(channel: RawChannel): ExpectedEnd | undefined {
  const signal = channel.messages.find(({ name }) => name === 'exit-signal')
  if (signal !== undefined) return { signal: new FieldReader(signal.bytes).text() }
  const code = channel.exitCode
  return code === undefined ? undefined : { code }
}

/** Sends bytes as the window allows. */
export async function sendAll(channel: RawChannel, bytes: Buffer): Promise<void> {
  const { maximumPacketBytes } = channel.confirmation
  for (let start = 0; start < bytes.length; start += maximumPacketBytes) {
    const packet = bytes.subarray(start, start + maximumPacketBytes)
    await channel.until(() => channel.remoteWindowBytes >= packet.length, 'a window should come')
    channel.send(data(packet))
  }
}

function requireSame(stream: string, seen: Buffer, expected: Buffer): void {
  if (seen.equals(expected)) return
  const offset = expected.findIndex((value, index) => seen[index] !== value)
  const start = offset === -1 ? expected.length : offset
  throw new Error(
    `${stream} has ${seen.length} bytes for ${expected.length} and differs from byte ${start} on: ` +
      JSON.stringify(seen.subarray(start, start + 200).toString('latin1')),
  )
}

function shown(channel: RawChannel): string {
  const stderr = JSON.stringify(channel.stderr.subarray(-300).toString('latin1'))
  return `it received ${channel.received.slice(-12).join(', ')}; stderr ${stderr}`
}
