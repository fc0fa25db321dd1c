import type { ReachableServer } from '../servers/server-under-test'
import { byte, FieldReader, string, uint32 } from './fields'
import { RawChannel, type RawChannelOptions } from './raw-channel'
import { RawConnection } from './raw-connection'
import { messageNumbers } from './raw-messages'

/** How the client shows itself. */
export interface RawClientOptions {
  /** Servers say some things only to clients that call themselves OpenSSH, as this one does by default. */
  readonly ident?: string
  /** Longest time it waits for anything, in milliseconds; as other conditions by default. */
  readonly boundMs?: number
}

/** Connects to a server and logs in. */
export async function connectRaw(
  server: ReachableServer,
  { ident = 'SSH-2.0-OpenSSH_9.2 raw', boundMs }: RawClientOptions = {},
): Promise<RawClient> {
  const client = new RawClient(server, ident, boundMs)
  await client.connection.logIn()
  return client
}

/**
 * A client that sends and sees the messages of sessions one by one, in whatever order and shape.
 *
 * It shares no code with the servers, and accuses those that break a rule of RFC 4253 or 4254 (see channel-rules).
 */
export class RawClient {
  readonly connection: RawConnection
  readonly #asked: Required<RawChannelOptions>[] = []
  readonly #opened = new Map<number, RawChannel>()

  constructor(server: ReachableServer, ident: string, boundMs?: number) {
    const onPayload = (payload: Buffer): void => this.#receive(payload)
    this.connection = new RawConnection(server, ident, onPayload, boundMs)
  }

  /** Every channel it has opened. */
  get channels(): readonly RawChannel[] {
    return [...this.#opened.values()]
  }

  /** Opens a session channel. */
  async openSession(options: RawChannelOptions = {}): Promise<RawChannel> {
    const full = { ...defaults, ...options }
    const ownChannel = this.#asked.push(full) - 1
    const fields = [ownChannel, full.windowBytes, full.maximumPacketBytes].map(uint32)
    this.connection.send(Buffer.concat([byte(messageNumbers.open), string('session'), ...fields]))
    await this.connection.until(() => this.#opened.has(ownChannel), 'the channel should open')
    const channel = this.#opened.get(ownChannel)
    if (channel === undefined) throw new Error('the channel did not open')
    return channel
  }

  #receive(payload: Buffer): void {
    const number = payload[0] ?? 0
    if (number < messageNumbers.openConfirmation || number > messageNumbers.failure) return
    const ownChannel = payload.readUInt32BE(1)
    if (number === messageNumbers.openConfirmation) this.#confirm(ownChannel, payload)
    else if (number !== messageNumbers.openFailure) this.#deliver(ownChannel, payload)
  }

  #confirm(ownChannel: number, payload: Buffer): void {
    const options = this.#asked[ownChannel]
    if (options === undefined) {
      this.connection.accuse('the confirmation of a channel that nobody opened')
      return
    }
    const reader = new FieldReader(payload, 5)
    const [remoteChannel, windowBytes, maximumPacketBytes] = [
      reader.uint32(),
      reader.uint32(),
      reader.uint32(),
    ]
    const confirmation = { remoteChannel, windowBytes, maximumPacketBytes }
    this.#opened.set(ownChannel, new RawChannel(this.connection, confirmation, options))
  }

  #deliver(ownChannel: number, payload: Buffer): void {
    const channel = this.#opened.get(ownChannel)
    if (channel === undefined) this.connection.accuse(`message ${payload[0] ?? 0} for no channel`)
    else channel.receive(payload)
  }
}

const defaults: Required<RawChannelOptions> = {
  windowBytes: 2 * 1024 * 1024,
  maximumPacketBytes: 32 * 1024,
  keepsWindow: true,
  answersClose: true,
}
