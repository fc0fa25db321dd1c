import { byte, string } from './fields'
import {
  agreeOnKeys,
  ephemeralKey,
  keyExchangeInit,
  keyMessages,
  type AgreedKeys,
  type EphemeralKey,
} from './key-agreement'
import { openGcm, sealGcm } from './packet-cipher'
import type { PacketStream } from './packet-stream'

/** Moments of an exchange at which the client can take its time. */
export interface KeyExchangePauses {
  /** Both have said KEXINIT; the client's public key is next. */
  readonly beforePublicKey?: () => Promise<void>
  /** The server's key is there; NEWKEYS of the client is next. */
  readonly beforeNewKeys?: () => Promise<void>
}

/** What the exchanges need of their connection. */
export interface KeyExchangerOptions {
  readonly stream: PacketStream
  readonly ident: string
  /** Throws for a host key that is not the server's. */
  readonly checkHostKey: (hostKey: Buffer) => void
  /** What was held back may go. */
  readonly onSendable: () => void
  readonly onError: (error: unknown) => void
}

interface Exchange {
  readonly ownInit: Buffer
  readonly key: EphemeralKey
  readonly pauses: KeyExchangePauses
  readonly finish: () => void
  serverInit: Buffer | undefined
  agreed: AgreedKeys | undefined
  hasSentNewKeys: boolean
  hasReceivedNewKeys: boolean
}

/** The key exchanges of one connection, those that the client begins and those that the server begins. */
export class KeyExchanger {
  readonly #options: KeyExchangerOptions
  #exchange: Exchange | undefined
  #sessionId: Buffer = Buffer.alloc(0)

  constructor(options: KeyExchangerOptions) {
    this.#options = options
  }

  /** The hash of the first exchange; empty before. */
  get sessionId(): Buffer {
    return this.#sessionId
  }

  /** Whether nothing but the exchange may be sent (RFC 4253 section 7.1). */
  get isSendingBarred(): boolean {
    return this.#exchange !== undefined && !this.#exchange.hasSentNewKeys
  }

  /** Whether the server may send nothing else. */
  get isReceivingBarred(): boolean {
    return this.#exchange?.serverInit !== undefined && !this.#exchange.hasReceivedNewKeys
  }

  /** Begins one, and resolves when both ends use its keys. */
  begin(pauses: KeyExchangePauses = {}): Promise<void> {
    return new Promise((resolve) => this.#start(pauses, resolve))
  }

  /** Takes the messages of an exchange; false for others. */
  receive(payload: Buffer): boolean {
    switch (payload[0]) {
      case keyMessages.init: {
        const exchange = this.#exchange ?? this.#start({}, () => undefined)
        this.#receiveInit(exchange, payload).catch(this.#options.onError)
        return true
      }
      case keyMessages.ecdhReply:
        this.#receiveReply(this.#current(), payload).catch(this.#options.onError)
        return true
      case keyMessages.newKeys:
        this.#receiveNewKeys(this.#current())
        return true
      default:
        return false
    }
  }

  #start(pauses: KeyExchangePauses, finish: () => void): Exchange {
    const exchange = {
      ...{ ownInit: keyExchangeInit(), key: ephemeralKey(), pauses, finish },
      ...{ serverInit: undefined, agreed: undefined },
      ...{ hasSentNewKeys: false, hasReceivedNewKeys: false },
    }
    this.#exchange = exchange
    this.#options.stream.write([exchange.ownInit])
    return exchange
  }

  async #receiveInit(exchange: Exchange, payload: Buffer): Promise<void> {
    exchange.serverInit = payload
    await exchange.pauses.beforePublicKey?.()
    const publicKey = string(exchange.key.publicBytes)
    this.#options.stream.write([Buffer.concat([byte(keyMessages.ecdhInit), publicKey])])
  }

  async #receiveReply(exchange: Exchange, payload: Buffer): Promise<void> {
    const { stream, ident, checkHostKey, onSendable } = this.#options
    const { ownInit: clientInit, serverInit = Buffer.alloc(0) } = exchange
    const texts = { clientIdent: ident, serverIdent: stream.peerIdent, clientInit, serverInit }
    exchange.agreed = agreeOnKeys(exchange.key, texts, payload)
    checkHostKey(exchange.agreed.hostKey)
    if (this.#sessionId.length === 0) this.#sessionId = exchange.agreed.exchangeHash
    await exchange.pauses.beforeNewKeys?.()
    stream.write([byte(keyMessages.newKeys)])
    stream.seal = sealGcm(exchange.agreed.keys(this.#sessionId).toServer)
    exchange.hasSentNewKeys = true
    onSendable()
    this.#endIfDone(exchange)
  }

  #receiveNewKeys(exchange: Exchange): void {
    if (exchange.agreed === undefined) throw new Error('NEWKEYS came before the keys')
    this.#options.stream.open = openGcm(exchange.agreed.keys(this.#sessionId).fromServer)
    exchange.hasReceivedNewKeys = true
    this.#endIfDone(exchange)
  }

  #endIfDone(exchange: Exchange): void {
    if (!exchange.hasSentNewKeys || !exchange.hasReceivedNewKeys) return
    this.#exchange = undefined
    exchange.finish()
  }

  #current(): Exchange {
    if (this.#exchange !== undefined) return this.#exchange
    throw new Error('the server went on with a key exchange that nobody began')
  }
}
