import { channelOverTransport, type ChannelPort } from '@hawse/core'
import { Observable, type Subscriber } from 'rxjs'
import { connectionOf } from './connection-of'
import { changedLimits, type ConnectionLimits } from './limits/connection-limits'
import { ssh2SessionTransport } from './ssh2-session-transport'
import type { AcceptSsh2Session, Ssh2Connection } from './ssh2-shapes'

/**
 * Every session channel that a client opens on an ssh2 connection, accepted and taken over from ssh2.
 *
 * To be subscribed in the 'connection' event of the server, and once per connection. Unsubscribing refuses further
 * sessions; those that are open live on. Completes when the connection closes. Errors with UNSUPPORTED_SSH2, and with
 * INVALID_ARGUMENT where another listener accepted a session first. Does `protectConnection`, with these limits. Forwarded ports, agents
 * and sockets remain ssh2's.
 */
export function ssh2Sessions(
  client: Ssh2Connection,
  limits: Partial<ConnectionLimits> = {},
): Observable<ChannelPort> {
  return new Observable((subscriber) => {
    const connection = connectionOf(client)
    connection.limits = changedLimits(connection.limits, limits)
    const onSession = (accept: AcceptSsh2Session): void => emitSession(client, accept, subscriber)
    const onClose = (): void => subscriber.complete()
    client.on('session', onSession)
    client.on('close', onClose)
    if (connection.internals.socket.destroyed) subscriber.complete()
    return () => {
      client.removeListener('session', onSession)
      client.removeListener('close', onClose)
    }
  })
}

function emitSession(
  client: Ssh2Connection,
  accept: AcceptSsh2Session,
  subscriber: Subscriber<ChannelPort>,
): void {
  try {
    subscriber.next(channelOverTransport(ssh2SessionTransport(client, accept)))
  } catch (error) {
    subscriber.error(error)
  }
}
