import type { Address } from '../ports/address'
import { createEventSource } from '../ports/event-source'
import type {
  ChannelParameters,
  TransportCommand,
  TransportEvent,
  TransportPort,
} from '../ports/transport-port'
import type { ChannelMessage } from '../wire/channel-message'
import { decodeChannelMessage } from '../wire/decode-channel-message'
import { encodeChannelMessage } from '../wire/encode-channel-message'

/** One end of an in-memory channel, with handles to disturb it. */
export interface MemoryTransport extends TransportPort {
  /** Every message this end has sent, in order. */
  readonly sent: readonly ChannelMessage[]
  /** The disconnect this end asked for, if any. */
  readonly disconnection: { readonly reasonCode: number; readonly description: string } | undefined
  /** Whether this end has released the channel. */
  readonly isReleased: boolean
  /** Tells this end that the transport takes no more. */
  block(): void
  /** Tells this end that the transport takes messages again. */
  unblock(): void
  /** Tells both ends that the connection is gone. */
  lose(reason: string): void
  /** Sends any message to the other end, as a peer that keeps no rules would. */
  inject(message: ChannelMessage): void
}

/** Choices for `memoryTransportPair`. */
export interface MemoryTransportOptions {
  /** What the first end agreed to; the second end has the same, seen from its side. */
  readonly parameters?: Partial<ChannelParameters>
  /** What the second end says it is, seen by the first. */
  readonly peerSoftware?: string
}

const defaultParameters: ChannelParameters = {
  localWindowBytes: 2 * 1024 * 1024,
  localMaximumWindowBytes: 2 * 1024 * 1024,
  localMaximumPacketBytes: 32 * 1024,
  remoteWindowBytes: 2 * 1024 * 1024,
  remoteMaximumPacketBytes: 32 * 1024,
}

/**
 * Two transports joined in memory: what one end sends arrives at the other, at once, through the same bytes that
 * a network would carry. A stand-in for a network only; the channel machine on both ends is the real one.
 */
export function memoryTransportPair(
  options: MemoryTransportOptions = {},
): readonly [MemoryTransport, MemoryTransport] {
  const parameters = { ...defaultParameters, ...options.parameters }
  const first = new MemoryEnd(parameters, options.peerSoftware ?? '')
  const second = new MemoryEnd(mirrored(parameters), '')
  first.join(second)
  second.join(first)
  return [first, second]
}

/** Addresses of memory transports. */
const memoryAddress: Address = { family: 'unix', address: 'memory', port: 0 }

/** One end: what the other end sends is received here. */
class MemoryEnd implements MemoryTransport {
  readonly event$
  readonly host = memoryAddress
  readonly peer = memoryAddress
  readonly sent: ChannelMessage[] = []
  disconnection: MemoryTransport['disconnection'] = undefined
  isReleased = false
  readonly #source = createEventSource<TransportEvent>()
  #other: MemoryEnd | undefined
  #isLost = false

  constructor(
    readonly parameters: ChannelParameters,
    readonly peerSoftware: string,
  ) {
    this.event$ = this.#source.event$
  }

  join(other: MemoryEnd): void {
    this.#other = other
  }

  perform(command: TransportCommand): void {
    switch (command.type) {
      case 'transport.send':
        // Bytes are read while this is called; what is kept is a copy.
        this.sent.push(decodeChannelMessage(encodeChannelMessage(0, command.message)).message)
        return this.inject(command.message)
      case 'transport.disconnect':
        this.disconnection = command
        return this.lose(command.description)
      case 'transport.release':
        this.isReleased = true
    }
  }

  inject(message: ChannelMessage): void {
    if (!this.#isLost) this.#other?.receive(encodeChannelMessage(0, message))
  }

  block(): void {
    this.#source.emit({ type: 'transport.blocked' })
  }

  unblock(): void {
    this.#source.emit({ type: 'transport.unblocked' })
  }

  lose(reason: string): void {
    this.forget(reason)
    this.#other?.forget(reason)
  }

  receive(payload: Uint8Array): void {
    if (this.#isLost) return
    const { message } = decodeChannelMessage(payload)
    this.#source.emit({ type: 'transport.messageReceived', message })
  }

  forget(reason: string): void {
    if (this.#isLost) return
    this.#isLost = true
    this.#source.emit({ type: 'transport.lost', reason })
  }
}

function mirrored(parameters: ChannelParameters): ChannelParameters {
  return {
    localWindowBytes: parameters.remoteWindowBytes,
    localMaximumWindowBytes: parameters.remoteWindowBytes,
    localMaximumPacketBytes: parameters.remoteMaximumPacketBytes,
    remoteWindowBytes: parameters.localWindowBytes,
    remoteMaximumPacketBytes: parameters.localMaximumPacketBytes,
  }
}
