import type { ChannelPort } from '../ports/channel-port'
import { channelOverTransport } from '../streams/channel-over-transport'
import {
  memoryTransportPair,
  type MemoryTransport,
  type MemoryTransportOptions,
} from './memory-transport'

/** Two channel ports joined in memory, and the transports under them. */
export interface MemoryChannelPair {
  /** The end a server runs a session on. */
  readonly server: ChannelPort
  /** The end a client sits at. */
  readonly client: ChannelPort
  readonly serverTransport: MemoryTransport
  readonly clientTransport: MemoryTransport
}

/** A whole SSH channel without a network: the real channel machine on both ends of a memory transport. */
export function memoryChannelPair(options: MemoryTransportOptions = {}): MemoryChannelPair {
  const [serverTransport, clientTransport] = memoryTransportPair(options)
  return {
    server: channelOverTransport(serverTransport),
    client: channelOverTransport(clientTransport),
    serverTransport,
    clientTransport,
  }
}
