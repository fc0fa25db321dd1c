import {
  channelOverTransport,
  HawseError,
  type ChannelMessage,
  type ChannelPort,
  type TransportPort,
} from '@hawse/core'
import { channelTransport } from './channel-transport'
import { connectionOf } from './connection-of'
import {
  channelEnds,
  connectionOfChannel,
  isClientChannel,
  takeReceived,
  unsentByteCount,
  type Ssh2ChannelEnds,
} from './ssh2-internals'
import type { AcceptSsh2Channel, Ssh2Channel } from './ssh2-shapes'

/**
 * Takes over one channel that your own ssh2 code accepts: `session.on('exec', (accept) => ... ssh2Channel(accept))`.
 *
 * Calls `accept`, which answers the request, and needs it in the same tick as the event: what the client sends before
 * is lost in ssh2, and after its EOF `accept` returns nothing. From now on neither the Channel nor the Session of ssh2
 * says or does anything: signals and window changes come as `channel.requested`. Throws INVALID_ARGUMENT where the
 * channel cannot be taken over, saying why, and UNSUPPORTED_SSH2.
 */
export function ssh2Channel(accept: AcceptSsh2Channel): ChannelPort {
  return channelOverTransport(ssh2ChannelTransport(accept))
}

/** The packets of a channel that your own ssh2 code accepts; see `ssh2Channel`, which is made of it. */
export function ssh2ChannelTransport(accept: AcceptSsh2Channel): TransportPort {
  const channel = accept()
  if (channel === undefined) throw unusable('accept() returned nothing', acceptAdvice)
  if (isClientChannel(channel)) {
    throw unusable('it is a channel of an ssh2 client', 'Give one that an ssh2 server accepted.')
  }
  const ends = channelEnds(channel)
  requireUntouched(channel, ends)
  const connection = connectionOf(connectionOfChannel(channel))
  const localChannel = ends.incoming.id
  if (connection.channels.has(localChannel)) {
    throw unusable('the channel was taken over before', 'Take a channel over once.')
  }
  const received = receivedMessages(channel, ends)
  connection.internals.takeChannel(localChannel)
  return channelTransport({ connection, ends, received, untilSettled: () => () => undefined })
}

const acceptAdvice =
  "Call it in the same tick as the event, before the client's EOF can come, and before any other accept or reject."

/** Output that ssh2 still holds would come after ours or never; a channel that was ended cannot be begun. */
function requireUntouched(channel: Ssh2Channel, { incoming, outgoing }: Ssh2ChannelEnds): void {
  if (outgoing.state !== 'open' || incoming.state === 'closed') {
    throw unusable('the channel was ended or closed', 'Take it over as soon as it is accepted.')
  }
  if (unsentByteCount(channel) > 0) {
    throw unusable(
      'ssh2 holds output of it',
      'Write nothing to the Channel before it is taken over.',
    )
  }
}

/** What ssh2 has received and nobody has read, in the order it came. */
function receivedMessages(
  channel: Ssh2Channel,
  { incoming }: Ssh2ChannelEnds,
): readonly ChannelMessage[] {
  const messages = takeReceived(channel).flatMap((bytes) =>
    dataMessages(bytes, incoming.packetSize),
  )
  return incoming.state === 'eof' ? [...messages, { type: 'eof' }] : messages
}

function dataMessages(bytes: Uint8Array, maximumByteCount: number): readonly ChannelMessage[] {
  const count = Math.ceil(bytes.length / maximumByteCount)
  return Array.from({ length: count }, (_, index) => ({
    type: 'data',
    bytes: bytes.subarray(index * maximumByteCount, (index + 1) * maximumByteCount),
  }))
}

function unusable(reason: string, advice: string): HawseError {
  return new HawseError(
    'INVALID_ARGUMENT',
    `Cannot take the ssh2 channel over: ${reason}. Expected a channel nobody has used yet. ${advice}`,
  )
}
