import type { Address } from '@hawse/core'
import type { ConnectionLimits } from './limits/connection-limits'
import type { RateLimit } from './limits/rate-limit'
import type { Ssh2Internals } from './ssh2-internals'

/**
 * Socket bytes waiting above which a connection takes no more: 256 KiB, enough to keep a fast network busy, and the
 * most that output adds to memory however large a window the client opened.
 */
export const socketBacklogBytes = 256 * 1024

/** One ssh2 connection, shared by the transports of all its session channels. */
export interface Connection {
  readonly internals: Ssh2Internals
  readonly host: Address
  readonly peer: Address
  /** Channels taken over, by our channel number; the one whose turn to send is next comes first. */
  readonly channels: Map<number, ConnectionChannel>
  /** Whether the channels were told to hold back. */
  isBlocked: boolean
  /** Whether what is sent is held until the end of this turn of the event loop. */
  isBatching: boolean
  /** Why the connection is gone, once it is. */
  lostReason: string | undefined
  limits: ConnectionLimits
  /** Counts the sessions that are opened. */
  readonly rate: RateLimit
}

/** What a connection tells a channel. */
export interface ConnectionChannel {
  /** A payload numbered 93 to 100 for this channel, whose memory is the channel's from now on. */
  receive(payload: Uint8Array): void
  setBlocked(isBlocked: boolean): void
  /** The connection is gone; nothing follows. */
  lose(reason: string): void
}

/** Adds a channel; its payloads go to it from now on. */
export function adoptChannel(
  connection: Connection,
  localChannel: number,
  channel: ConnectionChannel,
): void {
  if (connection.lostReason !== undefined) {
    channel.lose(connection.lostReason)
    return
  }
  connection.channels.set(localChannel, channel)
  if (connection.isBlocked) channel.setBlocked(true)
}

/** Tells every channel, once, that the connection is gone. */
export function loseConnection(connection: Connection, reason: string): void {
  if (connection.lostReason !== undefined) return
  connection.lostReason = reason
  const channels = [...connection.channels.values()]
  connection.channels.clear()
  for (const channel of channels) channel.lose(reason)
}

/** Looks whether the connection takes more, and tells the channels where that changed. */
export function refreshBlocked(connection: Connection): void {
  const { internals } = connection
  // Without a 'drain' to come nothing would ever unblock: the socket may have a high-water mark above our limit.
  const isSocketFull =
    internals.socket.writableNeedDrain && internals.socket.writableLength >= socketBacklogBytes
  if (isSocketFull || internals.isExchangingKeys()) block(connection)
  else unblock(connection)
}

/** Tells all channels to hold back. */
export function block(connection: Connection): void {
  if (connection.isBlocked) return
  connection.isBlocked = true
  for (const channel of [...connection.channels.values()]) channel.setBlocked(true)
}

function unblock(connection: Connection): void {
  if (!connection.isBlocked) return
  connection.isBlocked = false
  for (const localChannel of [...connection.channels.keys()]) giveTurn(connection, localChannel)
}

/** A channel before may have filled the socket again: then this one comes before it the next time, or it would starve. */
function giveTurn(connection: Connection, localChannel: number): void {
  const channel = connection.channels.get(localChannel)
  if (connection.isBlocked || channel === undefined) return
  connection.channels.delete(localChannel)
  connection.channels.set(localChannel, channel)
  channel.setBlocked(false)
}
