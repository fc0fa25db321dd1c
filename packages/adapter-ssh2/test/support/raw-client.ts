import { once } from 'node:events'
import type * as Ssh2 from 'ssh2'
import { ssh2Internals } from '../../src/ssh2-internals'
import { until } from './until'

/** A client that sends and sees channel packets byte by byte, over the transport of an ssh2 client. */
export interface RawClient {
  readonly client: Ssh2.Client
  /** Payloads received with numbers 90 to 100, oldest first. */
  readonly received: readonly Uint8Array[]
  send(payload: Uint8Array): void
  /** Opens a session whose CHANNEL_OPEN ends with these numbers, and gives the server's channel number. */
  openSession(ownChannel: number, ...numbers: readonly number[]): Promise<number>
  end(): void
}

/** Connects, without authenticating by anything. */
export async function connectRaw(ssh2: typeof Ssh2, port: number): Promise<RawClient> {
  const client = new ssh2.Client()
  client.on('error', () => undefined)
  client.connect({ host: '127.0.0.1', port, username: 'u', authHandler: ['none'] })
  await once(client, 'ready')
  const internals = ssh2Internals(client)
  const received: Uint8Array[] = []
  internals.tapInbound((payload) => keep(payload, received))
  const send = (payload: Uint8Array): void =>
    internals.send(payload.length, (packet, offset) => packet.set(payload, offset))
  return {
    client,
    received,
    send,
    openSession: (ownChannel, ...numbers) => openSession(send, received, [ownChannel, ...numbers]),
    end: () => client.destroy(),
  }
}

/** A uint32 as four bytes. */
export function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(value)
  return bytes
}

/** A string with its length. */
export function string(text: string): Buffer {
  return Buffer.concat([uint32(Buffer.byteLength(text)), Buffer.from(text)])
}

function keep(payload: Uint8Array, received: Uint8Array[]): boolean {
  const number = payload[0] ?? 0
  const isOfChannel = number >= 90 && number <= 100
  if (isOfChannel) received.push(new Uint8Array(payload))
  return isOfChannel
}

async function openSession(
  send: (payload: Uint8Array) => void,
  received: readonly Uint8Array[],
  numbers: readonly number[],
): Promise<number> {
  send(Buffer.concat([Buffer.from([90]), string('session'), ...numbers.map(uint32)]))
  const isConfirmation = (payload: Uint8Array): boolean =>
    payload[0] === 91 && Buffer.from(payload).readUInt32BE(1) === numbers[0]
  await until('CHANNEL_OPEN_CONFIRMATION', () => received.some(isConfirmation))
  const confirmation = received.find(isConfirmation)
  return Buffer.from(confirmation ?? []).readUInt32BE(5)
}
