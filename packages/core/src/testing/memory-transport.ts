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
  const first = memoryEnd(parameters, options.peerSoftware ?? '')
  const second = memoryEnd(mirrored(parameters), '')
  first.join(second)
  second.join(first)
  return [first.transport, second.transport]
}

/** Addresses of memory transports. */
const memoryAddress: Address = { family: 'unix', address: 'memory', port: 0 }

interface MemoryEnd {
  readonly transport: MemoryTransport
  join(other: MemoryEnd): void
  receive(payload: Uint8Array): void
  forget(reason: string): void
}

function memoryEnd(parameters: ChannelParameters, peerSoftware: string): MemoryEnd {
  const source = createEventSource<TransportEvent>()
  const sent: ChannelMessage[] = []
  let other: MemoryEnd | undefined
  let disconnection: MemoryTransport['disconnection']
  let isReleased = false
  let isLost = false

  const send = (message: ChannelMessage): void => {
    if (!isLost) other?.receive(encodeChannelMessage(0, message))
  }
  const forget = (reason: string): void => {
    if (isLost) return
    isLost = true
    source.emit({ type: 'transport.lost', reason })
  }
  const lose = (reason: string): void => {
    forget(reason)
    other?.forget(reason)
  }
  const perform = (command: TransportCommand): void => {
    switch (command.type) {
      case 'transport.send':
        sent.push(command.message)
        return send(command.message)
      case 'transport.disconnect':
        disconnection = command
        return lose(command.description)
      case 'transport.release':
        isReleased = true
    }
  }
  const transport: MemoryTransport = {
    event$: source.event$,
    perform,
    parameters,
    host: memoryAddress,
    peer: memoryAddress,
    peerSoftware,
    sent,
    get disconnection() {
      return disconnection
    },
    get isReleased() {
      return isReleased
    },
    block: () => source.emit({ type: 'transport.blocked' }),
    unblock: () => source.emit({ type: 'transport.unblocked' }),
    lose,
    inject: send,
  }
  return {
    transport,
    join: (end) => (other = end),
    receive: (payload) => {
      if (isLost) return
      const { message } = decodeChannelMessage(payload)
      source.emit({ type: 'transport.messageReceived', message })
    },
    forget,
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
