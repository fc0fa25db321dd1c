import { readFileSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { conditionBoundMs, waitUntil } from '@hawse/port-conformance'
import type { ReachableServer } from '../servers/server-under-test'
import { authenticate } from './authentication'
import { readClientKey } from './client-key'
import { byte, FieldReader } from './fields'
import { KeyExchanger, type KeyExchangePauses } from './key-exchange'
import { PacketStream } from './packet-stream'

/** How a connection ended. */
export interface Disconnection {
  /** The reason code of DISCONNECT (RFC 4253 section 11.1); undefined where the server said nothing. */
  readonly reasonCode: number | undefined
  readonly description: string
}

/** The transport of the raw client: it sends any payload and shows every one that comes. */
export class RawConnection {
  readonly socket: Socket
  /** Resolves with the end of the connection. */
  readonly disconnected: Promise<Disconnection>
  /** Payloads of authentication, of the connection protocol, and UNIMPLEMENTED, oldest first. */
  readonly payloads: Buffer[] = []
  /** The rules that the server broke. */
  readonly accusations: string[] = []
  readonly #server: ReachableServer
  readonly #onPayload: (payload: Buffer) => void
  readonly #stream: PacketStream
  readonly #exchanger: KeyExchanger
  readonly #heldBack: Uint8Array[] = []
  readonly #boundMs: number
  #end: Disconnection | undefined

  /** Connects; `onPayload` is given what `payloads` keeps. */
  constructor(
    server: ReachableServer,
    ident: string,
    onPayload: (payload: Buffer) => void,
    boundMs = conditionBoundMs,
  ) {
    this.#boundMs = boundMs
    this.#server = server
    this.#onPayload = onPayload
    this.socket = connect(server.port, server.host)
    this.disconnected = this.#untilEnd()
    this.#stream = new PacketStream(this.socket, ident, {
      onIdent: () => void this.#exchanger.begin(),
      onPayload: (payload) => this.#receiveSafely(payload),
    })
    this.#exchanger = new KeyExchanger({
      stream: this.#stream,
      ident,
      checkHostKey: (hostKey) => requireKnown(hostKey, server.knownHostsFile),
      onSendable: () => this.#stream.write(this.#heldBack.splice(0)),
      onError: (error) => this.#fail(error),
    })
  }

  /** Waits for the first keys and logs in. */
  async logIn(): Promise<void> {
    const { user, clientKeyFile } = this.#server
    await this.until(() => this.#exchanger.sessionId.length > 0, 'keys should be exchanged')
    const { sessionId } = this.#exchanger
    await authenticate(
      { user, sessionId, key: readClientKey(clientKeyFile) },
      (payload) => this.send(payload),
      (...messageNumbers) => this.#next(messageNumbers),
    )
  }

  /** Sends payloads in one TCP write; while keys are exchanged they wait for its end. */
  send(...payloads: readonly Uint8Array[]): void {
    if (this.#exchanger.isSendingBarred) this.#heldBack.push(...payloads)
    else this.#stream.write(payloads)
  }

  /** Exchanges keys, taking its time where told; resolves when both ends use the new ones. */
  rekey(pauses?: KeyExchangePauses): Promise<void> {
    return this.#exchanger.begin(pauses)
  }

  /** Waits until something holds; throws when the connection ends before. */
  until(isReached: () => boolean, what: string): Promise<void> {
    const isReachedAlive = (): boolean => {
      if (isReached()) return true
      if (!this.socket.destroyed) return false
      const end = this.#end?.description ?? 'the server closed it'
      throw new Error(`the connection ended (${end}), but ${what}`)
    }
    return waitUntil(isReachedAlive, () => what, this.#boundMs)
  }

  /** Waits until the server has ended the connection, and tells how. */
  async untilDisconnected(): Promise<Disconnection> {
    await waitUntil(
      () => this.socket.destroyed,
      () => 'the server should end the connection',
    )
    return this.disconnected
  }

  /** Notes that the server broke a rule. */
  accuse(rule: string): void {
    this.accusations.push(rule)
  }

  /** Ends it without a word. */
  async end(): Promise<void> {
    this.socket.destroy()
    await this.disconnected
  }

  #receiveSafely(payload: Buffer): void {
    try {
      this.#receive(payload)
    } catch (error) {
      this.#fail(error)
    }
  }

  #receive(payload: Buffer): void {
    const number = payload[0] ?? 0
    if (this.#exchanger.receive(payload)) return
    if (number === numbers.disconnect) this.#end = readDisconnect(payload)
    if (number === numbers.globalRequest) this.#refuseGlobalRequest(payload)
    if (number < firstOfInterest && number !== numbers.unimplemented) return
    if (this.#exchanger.isReceivingBarred) this.accuse(`message ${number} in a key exchange`)
    this.payloads.push(payload)
    this.#onPayload(payload)
  }

  #refuseGlobalRequest(payload: Buffer): void {
    const reader = new FieldReader(payload, 1)
    reader.string()
    if (reader.byte() !== 0) this.send(byte(numbers.requestFailure))
  }

  async #next(wanted: readonly number[]): Promise<Buffer> {
    const find = (): Buffer | undefined =>
      this.payloads.find((payload) => wanted.includes(payload[0] ?? 0))
    await this.until(() => find() !== undefined, `message ${wanted.join(' or ')} should come`)
    return find() ?? Buffer.alloc(0)
  }

  async #untilEnd(): Promise<Disconnection> {
    let description = 'the server closed it'
    this.socket.on('error', ({ message }) => (description = message))
    await new Promise((resolve) => this.socket.once('close', resolve))
    return this.#end ?? { reasonCode: undefined, description }
  }

  #fail(error: unknown): void {
    const description = error instanceof Error ? error.message : String(error)
    this.accuse(`what the client cannot take: ${description}`)
    this.#end ??= { reasonCode: undefined, description }
    this.socket.destroy()
  }
}

/** Message numbers of the transport and of global requests (RFC 4253 section 12, RFC 4254 section 9). */
const numbers = { disconnect: 1, unimplemented: 3, globalRequest: 80, requestFailure: 82 } as const

/** Whatever is below is of the transport alone. */
const firstOfInterest = 6

function readDisconnect(payload: Buffer): Disconnection {
  const reader = new FieldReader(payload, 1)
  return { reasonCode: reader.uint32(), description: reader.text() }
}

function requireKnown(hostKey: Buffer, knownHostsFile: string): void {
  if (readFileSync(knownHostsFile, 'utf8').includes(hostKey.toString('base64'))) return
  throw new Error('another host key than its own')
}
