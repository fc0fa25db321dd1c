import type { Observable } from 'rxjs'
import type { ChannelMessage } from '../wire/channel-message'
import type { Address } from './address'

/** What the packet transport of one SSH channel says. */
export type TransportEvent =
  | {
      /** One decoded message for this channel (RFC 4254 section 5). */
      readonly type: 'transport.messageReceived'
      readonly message: ChannelMessage
    }
  | {
      /** A message for this channel could not be decoded; the connection must end. */
      readonly type: 'transport.malformedReceived'
      readonly error: Error
    }
  | {
      /** The transport takes no more for now (socket full, key exchange). */ readonly type: 'transport.blocked'
    }
  | { /** The transport takes messages again. */ readonly type: 'transport.unblocked' }
  | {
      /** The connection is gone. Last fact. */ readonly type: 'transport.lost'
      readonly reason: string
    }

/** What the packet transport of one SSH channel can be asked. */
export type TransportCommand =
  | {
      /** Send one message to the peer's channel. Its bytes are read before `perform` returns, and not kept. */
      readonly type: 'transport.send'
      readonly message: ChannelMessage
    }
  | {
      /** End the whole connection with a reason (RFC 4253 section 11.1). */
      readonly type: 'transport.disconnect'
      readonly reasonCode: number
      readonly description: string
    }
  | {
      /** Both CLOSEs are through: forget the channel. Last command. */ readonly type: 'transport.release'
    }

/** What was agreed when the channel was opened (RFC 4254 section 5.1). */
export interface ChannelParameters {
  /** Bytes the peer may send now; 0 where the transport can withhold them. */
  readonly localWindowBytes: number
  /** Bytes the peer may send once the window is open. */
  readonly localMaximumWindowBytes: number
  /** Largest data payload we accept, in bytes. */
  readonly localMaximumPacketBytes: number
  /** Bytes we may send now. */
  readonly remoteWindowBytes: number
  /** Largest data payload the peer accepts, in bytes. */
  readonly remoteMaximumPacketBytes: number
}

/**
 * The packets of one SSH channel, whoever moves them: ssh2 today, another SSH stack, or memory.
 *
 * It decides nothing. `transport.blocked` is advice: a message sent all the same MUST still be delivered in order.
 */
export interface TransportPort {
  /** Facts, in order; what happens before the first subscription is kept and delivered to it; never errors. */
  readonly event$: Observable<TransportEvent>
  /** Asks for one thing. Facts may be emitted before it returns; MUST NOT throw. */
  perform(command: TransportCommand): void
  readonly parameters: ChannelParameters
  readonly host: Address
  readonly peer: Address
  readonly peerSoftware: string
}
