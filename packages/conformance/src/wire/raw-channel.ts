import { brokenRule } from './channel-rules'
import type { RawConnection } from './raw-connection'
import { adjust, close, failure, messageNumbers, type RawMessage } from './raw-messages'
import { readMessage, type ReceivedMessage } from './received-message'

/** What the client says of a session channel when it opens it. */
export interface RawChannelOptions {
  /** What the server may send at first; 2 MiB by default. */
  readonly windowBytes?: number
  /** The largest data it may send at once; 32 KiB by default. */
  readonly maximumPacketBytes?: number
  /** Whether what came is given back to the window at once, as by default. */
  readonly keepsWindow?: boolean
  /** Whether CLOSE is answered at once, as by default. */
  readonly answersClose?: boolean
}

/** What the server says of a channel that it confirms. */
export interface Confirmation {
  /** Its number of the channel. */
  readonly remoteChannel: number
  /** What we may send at first. */
  readonly windowBytes: number
  /** The largest data it takes at once. */
  readonly maximumPacketBytes: number
}

/** A session channel of the raw client, which keeps the books of what either end may do. */
export class RawChannel {
  readonly confirmation: Confirmation
  /** What came, oldest first. */
  readonly messages: ReceivedMessage[] = []
  /** Resolves when CLOSE has come. */
  readonly closed: Promise<void>
  readonly #connection: RawConnection
  readonly #options: Required<RawChannelOptions>
  #windowBytes: number
  #sentDataBytes = 0
  #awaitedReplies = 0
  #hasSentClose = false
  #onClose: () => void = () => undefined

  constructor(
    connection: RawConnection,
    confirmation: Confirmation,
    options: Required<RawChannelOptions>,
  ) {
    this.#connection = connection
    this.confirmation = confirmation
    this.#options = options
    this.#windowBytes = options.windowBytes
    this.closed = new Promise((resolve) => (this.#onClose = resolve))
  }

  /** What the server has let us send and we have not. */
  get remoteWindowBytes(): number {
    const added = this.#named('WINDOW_ADJUST').reduce((sum, { number }) => sum + number, 0)
    return this.confirmation.windowBytes + added - this.#sentDataBytes
  }

  /** Names of what came, OPEN_CONFIRMATION first, repetitions left out. */
  get received(): readonly string[] {
    const names = ['OPEN_CONFIRMATION', ...this.messages.map(({ name }) => name)]
    return names.filter((name, index) => name !== names[index - 1])
  }

  /** SUCCESS and FAILURE in the order they came. */
  get replies(): readonly string[] {
    const names = this.messages.map(({ name }) => name)
    return names.filter((name) => name === 'SUCCESS' || name === 'FAILURE')
  }

  get stdout(): Buffer {
    return Buffer.concat(this.#named('DATA').map(({ bytes }) => bytes))
  }

  get stderr(): Buffer {
    return Buffer.concat(this.#named('EXTENDED_DATA').map(({ bytes }) => bytes))
  }

  /** The exit code where exit-status told it. */
  get exitCode(): number | undefined {
    return this.#named('exit-status')[0]?.bytes.readUInt32BE()
  }

  /** Sends messages in one TCP write. */
  send(...messages: readonly RawMessage[]): void {
    const payloads = messages.map((make) => make(this.confirmation.remoteChannel))
    for (const payload of payloads) this.#note(Buffer.from(payload))
    this.#connection.send(...payloads)
  }

  /** Waits until something holds; throws when the connection ends before. */
  until(isReached: () => boolean, what: string): Promise<void> {
    return this.#connection.until(isReached, what).catch((error: unknown) => {
      throw new Error(`${String(error)}; the channel received ${this.received.join(', ')}`)
    })
  }

  /** Waits until stdout contains a text. */
  untilOutput(text: string): Promise<void> {
    const what = `stdout should contain ${JSON.stringify(text)}`
    return this.until(() => this.stdout.includes(text), what)
  }

  /** Waits for a message by its name. */
  untilReceived(name: string): Promise<void> {
    return this.until(() => this.#named(name).length > 0, `${name} should come`)
  }

  /** Waits until as many replies have come as requests wanted one. */
  untilAnswered(): Promise<void> {
    return this.until(() => this.#awaitedReplies === 0, 'every request should have its reply')
  }

  /** Takes a message numbered 93 to 100. */
  receive(payload: Buffer): void {
    const message = readMessage(payload)
    const broken = brokenRule(
      {
        windowBytes: this.#windowBytes,
        maximumPacketBytes: this.#options.maximumPacketBytes,
        awaitedReplies: this.#awaitedReplies,
        messages: this.messages,
      },
      message,
    )
    if (broken !== undefined) this.#connection.accuse(broken)
    this.messages.push(message)
    if (message.name === 'CLOSE') this.#onClose()
    this.#answer(message)
  }

  #answer({ name, bytes, wantsReply }: ReceivedMessage): void {
    if (wantsReply && !this.#hasSentClose) this.send(failure)
    if (name === 'SUCCESS' || name === 'FAILURE') this.#awaitedReplies -= 1
    if (name === 'DATA' || name === 'EXTENDED_DATA') {
      this.#windowBytes -= bytes.length
      if (this.#options.keepsWindow && !this.#hasSentClose) this.send(adjust(bytes.length))
    }
    if (name === 'CLOSE' && this.#options.answersClose && !this.#hasSentClose) this.send(close)
  }

  /** Of a message that is cut short nothing is counted. */
  #note(payload: Buffer): void {
    const { windowAdjust, data, extendedData, request } = messageNumbers
    const number = payload[0]
    if (number === messageNumbers.close) this.#hasSentClose = true
    if (number === data) this.#sentDataBytes += Math.max(0, payload.length - 9)
    if (number === extendedData) this.#sentDataBytes += Math.max(0, payload.length - 13)
    if (number === windowAdjust && payload.length >= 9) this.#windowBytes += payload.readUInt32BE(5)
    if (number === request && doesWantReply(payload)) this.#awaitedReplies += 1
  }

  #named(name: string): readonly ReceivedMessage[] {
    return this.messages.filter((message) => message.name === name)
  }
}

/** Whether a request, if it is long enough to say so, wants a reply. */
function doesWantReply(payload: Buffer): boolean {
  return payload.length >= 9 && (payload[9 + payload.readUInt32BE(5)] ?? 0) !== 0
}
