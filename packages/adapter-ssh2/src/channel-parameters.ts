import type { ChannelMessage, ChannelParameters } from '@hawse/core'
import type { Ssh2ChannelEnds } from './ssh2-internals'

/** Data bytes above which a packet to the peer is not worth more: 32 KiB, what every implementation takes (RFC 4253 section 6.1). */
const maximumPacketBytes = 32 * 1024

/**
 * What both ends agreed on, as it stood before the messages received so far.
 *
 * ssh2 checks none of it: a largest packet of 0 makes its own writer loop for ever, and here means "never writable".
 */
export function channelParameters(
  { incoming, outgoing }: Ssh2ChannelEnds,
  received: readonly ChannelMessage[],
): ChannelParameters {
  // ssh2 lets the window go below zero where a client sends past it.
  const localWindowBytes = Math.max(0, incoming.window) + dataByteCount(received)
  return {
    localWindowBytes,
    localMaximumWindowBytes: grantedWindowBytes,
    localMaximumPacketBytes: incoming.packetSize,
    remoteWindowBytes: outgoing.window ?? 0,
    remoteMaximumPacketBytes: Math.min(outgoing.packetSize ?? 0, maximumPacketBytes),
  }
}

/** Whether the client's CHANNEL_OPEN ended too early; ssh2 leaves undefined what it did not find. */
export function isTruncatedOpen({ outgoing }: Ssh2ChannelEnds): boolean {
  return (
    outgoing.id === undefined || outgoing.window === undefined || outgoing.packetSize === undefined
  )
}

/** What ssh2 grants with every channel: 2 MiB, the same as OpenSSH once a program runs. */
const grantedWindowBytes = 2 * 1024 * 1024

function dataByteCount(messages: readonly ChannelMessage[]): number {
  return messages.reduce(
    (sum, message) => sum + (message.type === 'data' ? message.bytes.length : 0),
    0,
  )
}
