import { recipientChannelOf } from '@hawse/core'
import { block, loseConnection, refreshBlocked, type Connection } from './connection'
import { endSocket } from './end-socket'
import { endStray } from './end-stray'
import {
  changedLimits,
  defaultConnectionLimits,
  type ConnectionLimits,
} from './limits/connection-limits'
import { endUnread } from './limits/end-unread'
import { createRateLimit } from './limits/rate-limit'
import { refuseSession } from './limits/refuse-session'
import { socketAddress } from './socket-address'
import { ssh2Internals } from './ssh2-internals'
import type { Ssh2Connection, Ssh2Peer } from './ssh2-shapes'

/**
 * Makes one ssh2 connection safe to have; `ssh2Sessions` and `ssh2Channel` do it themselves.
 *
 * It turns Nagle's algorithm off (which delays the end of every command by 40 ms), and listens for 'error': without a
 * listener any reset or malformed packet ends the whole process. Errors then only show as the reason of
 * `channel.lost`; listen too, to log them. A client that stopped answering keep-alives is cut off.
 * The limits hold from now on; without any, those of `defaultConnectionLimits` do. Throws UNSUPPORTED_SSH2 naming what
 * is missing, and INVALID_ARGUMENT.
 */
export function protectConnection(
  client: Ssh2Connection,
  limits: Partial<ConnectionLimits> = {},
): void {
  const connection = connectionOf(client)
  connection.limits = changedLimits(connection.limits, limits)
}

/** What is kept for an ssh2 connection; made, with one tap for all its channels, on first use. Throws UNSUPPORTED_SSH2. */
export function connectionOf(client: Ssh2Connection): Connection {
  const known = connections.get(client)
  if (known !== undefined) return known
  const connection = createConnection(client)
  connections.set(client, connection)
  connection.internals.sendWithoutDelay()
  watchEnd(client, connection)
  connection.internals.tapInbound((payload) => route(connection, payload))
  client.on('handshake', () => refreshBlocked(connection))
  connection.internals.socket.on('drain', () => {
    connection.internals.releaseMemory()
    refreshBlocked(connection)
  })
  return connection
}

const connections = new WeakMap<Ssh2Connection, Connection>()

/** What is kept for either end of an ssh2 connection, before anything listens to it. Throws UNSUPPORTED_SSH2. */
export function createConnection(client: Ssh2Peer): Connection {
  const internals = ssh2Internals(client)
  const { socket } = internals
  return {
    internals,
    host: socketAddress(socket.localAddress, socket.localPort),
    peer: socketAddress(socket.remoteAddress, socket.remotePort),
    channels: new Map(),
    isBlocked: internals.isExchangingKeys(),
    isBatching: false,
    lostReason: internals.isUsable() ? undefined : 'the connection is closed',
    limits: defaultConnectionLimits,
    rate: createRateLimit(() => performance.now()),
  }
}

/** SSH_MSG_KEXINIT (RFC 4253 section 7.1). */
export const keyExchangeInit = 20

/** Gives a payload to its channel; false where it is none of ours and ssh2 has to see it. */
function route(connection: Connection, payload: Uint8Array): boolean {
  if (payload[0] === keyExchangeInit) {
    // ssh2 answers with its own KEXINIT as soon as it sees this, and tells nobody; 'handshake' comes at the end.
    block(connection)
    return false
  }
  endUnread(connection)
  if (refuseSession(connection, payload)) return true
  return receive(connection, recipientChannelOf(payload), payload) || endStray(connection, payload)
}

/** Gives a payload to the channel of that number; false where it is none of ours. */
export function receive(
  connection: Connection,
  recipient: number | undefined,
  payload: Uint8Array,
): boolean {
  const channel = recipient === undefined ? undefined : connection.channels.get(recipient)
  if (channel === undefined) return false
  channel.receive(retainable(payload))
  return true
}

/**
 * ssh2 never uses the memory of a payload again: native ciphers decrypt in place in the chunk that the socket read,
 * the others and zlib return memory of their own that is only ever filled forwards. So nothing has to be copied to be
 * safe. But a payload of one byte can keep a chunk of 64 KiB alive, and a client could fill a window with such; those
 * that are small beside their memory are copied.
 */
function retainable(payload: Uint8Array): Uint8Array {
  const isSmall = payload.byteLength * 4 < payload.buffer.byteLength
  return isSmall ? new Uint8Array(payload) : payload
}

/** After any 'error' of a server's client ssh2 ends the socket, so each is the end of the connection. */
function watchEnd(client: Ssh2Connection, connection: Connection): void {
  const { socket } = connection.internals
  client.on('error', (error) => {
    loseConnection(connection, `connection failed: ${error.message}`)
    // The socket of a peer that does not answer would wait in FIN_WAIT2 for ever.
    if ('level' in error && error.level === 'client-timeout') socket.destroy()
    else endSocket(socket)
  })
  // ssh2 releases its ciphers when the client has closed its half, so nothing can be sent any more.
  client.on('end', () => {
    loseConnection(connection, 'the client closed the connection')
    endSocket(socket)
  })
  client.on('close', () => loseConnection(connection, 'the connection closed'))
}
