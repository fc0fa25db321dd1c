import { HawseError, type TransportPort } from '@hawse/core'
import { channelTransport } from './channel-transport'
import { connectionOf } from './connection-of'
import { sessionEnds } from './ssh2-internals'
import type { AcceptSsh2Session, Ssh2Connection } from './ssh2-shapes'
import { watchForBypass } from './watch-for-bypass'

/**
 * Accepts one session channel in the 'session' event of an ssh2 connection and takes its packets over from ssh2.
 *
 * What `ssh2Sessions` is made of, for those who decide per session or drive the packets themselves. To be called in the
 * same tick as the event, for packets that came before would be ssh2's. Throws INVALID_ARGUMENT where the open was
 * already answered, and UNSUPPORTED_SSH2.
 */
export function ssh2SessionTransport(
  client: Ssh2Connection,
  accept: AcceptSsh2Session,
): TransportPort {
  const connection = connectionOf(client)
  const session = accept()
  if (session === undefined) throw alreadyAnswered()
  const ends = sessionEnds(session)
  return channelTransport({
    connection,
    ends,
    received: [],
    untilSettled: (fail) => {
      const unwatch = watchForBypass(session, fail)
      return () => {
        unwatch()
        connection.internals.takeChannel(ends.incoming.id)
      }
    },
  })
}

function alreadyAnswered(): HawseError {
  return new HawseError(
    'INVALID_ARGUMENT',
    "accept() of the 'session' event returned nothing, so another listener has accepted or rejected this session. " +
      "Expected to be the first; have one listener for 'session' per connection, or one subscription of ssh2Sessions.",
  )
}
