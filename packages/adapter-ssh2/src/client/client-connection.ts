import { recipientChannelOf } from '@hawse/core'
import { block, loseConnection, refreshBlocked, type Connection } from '../connection'
import { createConnection, keyExchangeInit, receive } from '../connection-of'
import { endSocket } from '../end-socket'
import type { Ssh2Client } from '../ssh2-shapes'
import { channelOpenConfirmation, channelOpenFailure } from './channel-open'

/**
 * What is kept for the connection of an ssh2 client; made, with one tap for all its channels, on first use. A client
 * that was connected anew has a new one. Throws UNSUPPORTED_SSH2.
 */
export function clientConnectionOf(client: Ssh2Client): Connection {
  const known = connections.get(client)
  if (known !== undefined && known.lostReason === undefined) return known
  const connection = createConnection(client)
  connections.set(client, connection)
  connection.internals.sendWithoutDelay()
  listen(client, connection)
  connection.internals.tapInbound((payload) => route(connection, payload))
  return connection
}

const connections = new WeakMap<Ssh2Client, Connection>()

/** Gives a payload to its channel, which may wait to be opened; false where it is none of ours and ssh2 has to see it. */
function route(connection: Connection, payload: Uint8Array): boolean {
  if (payload[0] === keyExchangeInit) {
    // ssh2 answers with its own KEXINIT as soon as it sees this, and tells nobody; 'handshake' comes at the end.
    block(connection)
    return false
  }
  const isAnswer = payload[0] === channelOpenConfirmation || payload[0] === channelOpenFailure
  const recipient = isAnswer ? answeredChannel(payload) : recipientChannelOf(payload)
  return receive(connection, recipient, payload)
}

function answeredChannel(payload: Uint8Array): number | undefined {
  if (payload.length < 5) return undefined
  return new DataView(payload.buffer, payload.byteOffset, payload.byteLength).getUint32(1)
}

/** After 'close' the client may be connected again: then other listeners are there for that connection. */
function listen(client: Ssh2Client, connection: Connection): void {
  const { socket } = connection.internals
  const onHandshake = (): void => refreshBlocked(connection)
  const onError = (error: Error): void => {
    loseConnection(connection, `connection failed: ${error.message}`)
    // The socket of a server that does not answer would wait in FIN_WAIT2 for ever.
    if ('level' in error && error.level === 'client-timeout') socket.destroy()
    else endSocket(socket)
  }
  const onEnd = (): void => {
    loseConnection(connection, 'the server closed the connection')
    endSocket(socket)
  }
  const onClose = (): void => {
    loseConnection(connection, 'the connection closed')
    client.removeListener('handshake', onHandshake)
    client.removeListener('error', onError)
    client.removeListener('end', onEnd)
    client.removeListener('close', onClose)
  }
  client.on('handshake', onHandshake)
  client.on('error', onError)
  client.on('end', onEnd)
  client.on('close', onClose)
  socket.on('drain', () => {
    connection.internals.releaseMemory()
    refreshBlocked(connection)
  })
}
