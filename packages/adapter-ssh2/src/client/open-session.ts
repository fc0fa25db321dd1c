import { channelOverTransport, type ChannelOpening, type StartFailure } from '@hawse/core'
import { Observable } from 'rxjs'
import { channelTransport } from '../channel-transport'
import { adoptChannel, type Connection } from '../connection'
import { sendDisconnect, sendPayload } from '../send-message'
import { isClientReady, reserveChannel } from '../ssh2-client-internals'
import type { Ssh2Client } from '../ssh2-shapes'
import { channelOpenConfirmation, confirmedEnds, openPayload, openRefusal } from './channel-open'
import { clientConnectionOf } from './client-connection'

/**
 * Opens a session channel on the connection of an ssh2 client, and takes it from ssh2 before its first packet.
 *
 * Each subscription opens one, and emits once: the channel, or why there is none. Errors with UNSUPPORTED_SSH2.
 * Unsubscribing closes nothing.
 */
export function openSession(client: Ssh2Client): Observable<ChannelOpening> {
  return new Observable<ChannelOpening>((subscriber) => {
    const settle = (opening: ChannelOpening): void => {
      subscriber.next(opening)
      subscriber.complete()
    }
    if (!isClientReady(client))
      return settle(failed("the client is not connected: wait for 'ready'"))
    openOn(clientConnectionOf(client), reserveChannel(client), settle)
  })
}

/** Until the server has answered, the place of the channel is taken by one that only waits for that. */
function openOn(
  connection: Connection,
  localChannel: number,
  settle: (opening: ChannelOpening) => void,
): void {
  adoptChannel(connection, localChannel, {
    receive: (payload) => {
      connection.channels.delete(localChannel)
      settle(answered(connection, localChannel, payload))
    },
    setBlocked: () => undefined,
    lose: (reason) => settle(failed(reason)),
  })
  if (connection.lostReason === undefined) sendPayload(connection, openPayload(localChannel))
}

function answered(
  connection: Connection,
  localChannel: number,
  payload: Uint8Array,
): ChannelOpening {
  try {
    if (payload[0] !== channelOpenConfirmation) return { type: 'failed', ...openRefusal(payload) }
    const ends = confirmedEnds(localChannel, payload)
    const untilSettled = () => () => undefined
    const transport = channelTransport({ connection, ends, received: [], untilSettled })
    return { type: 'opened', channel: channelOverTransport(transport) }
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    sendDisconnect(connection, protocolError, reason)
    return failed(reason)
  }
}

/** SSH_DISCONNECT_PROTOCOL_ERROR (RFC 4253 section 11.1). */
const protocolError = 2

function failed(message: string, failure: StartFailure = 'failed'): ChannelOpening {
  return { type: 'failed', failure, message }
}
