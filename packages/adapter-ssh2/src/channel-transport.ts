import {
  createEventSource,
  decodeChannelMessage,
  HawseError,
  type ChannelMessage,
  type EventSource,
  type TransportCommand,
  type TransportEvent,
  type TransportPort,
} from '@hawse/core'
import { channelParameters, isTruncatedOpen } from './channel-parameters'
import { adoptChannel, type Connection, type ConnectionChannel } from './connection'
import { sendDisconnect, sendMessage } from './send-message'
import type { Ssh2ChannelEnds } from './ssh2-internals'

/** What a channel starts with. */
export interface ChannelTransportOptions {
  readonly connection: Connection
  readonly ends: Ssh2ChannelEnds
  /** Messages that came before; delivered first. Their data count as part of the window. */
  readonly received: readonly ChannelMessage[]
  /** Starts what has to go on until the first payload comes this way or none can any more; returns its end. */
  readonly untilSettled: (fail: (error: HawseError) => void) => () => void
}

/** Takes a channel over from ssh2: from now on its payloads are the transport's. */
export function channelTransport(options: ChannelTransportOptions): TransportPort {
  const { connection, ends, received } = options
  const source = createEventSource<TransportEvent>()
  const fail = (error: Error): void => source.emit({ type: 'transport.malformedReceived', error })
  const settle = once(options.untilSettled(fail))
  for (const message of received) source.emit({ type: 'transport.messageReceived', message })
  if (isTruncatedOpen(ends)) fail(truncatedOpen())
  adoptChannel(connection, ends.incoming.id, listenerOf(source, settle))
  return {
    event$: source.event$,
    perform: (command) => perform(options, source, command),
    parameters: channelParameters(ends, received),
    host: connection.host,
    peer: connection.peer,
    peerSoftware: connection.internals.peerSoftware,
  }
}

function listenerOf(source: EventSource<TransportEvent>, settle: () => void): ConnectionChannel {
  let isToldBlocked = false
  return {
    receive: (payload) => {
      settle()
      source.emit(decoded(payload))
    },
    setBlocked: (isBlocked) => {
      if (isBlocked === isToldBlocked) return
      isToldBlocked = isBlocked
      source.emit({ type: isBlocked ? 'transport.blocked' : 'transport.unblocked' })
    },
    lose: (reason) => {
      settle()
      source.emit({ type: 'transport.lost', reason })
      source.complete()
    },
  }
}

function perform(
  { connection, ends }: ChannelTransportOptions,
  source: EventSource<TransportEvent>,
  command: TransportCommand,
): void {
  if (!connection.channels.has(ends.incoming.id)) return
  switch (command.type) {
    case 'transport.send':
      sendMessage(connection, ends.outgoing.id ?? 0, command.message)
      return
    case 'transport.disconnect':
      sendDisconnect(connection, command.reasonCode, command.description)
      return
    case 'transport.release':
      connection.channels.delete(ends.incoming.id)
      // What came in one go with the last CLOSE is late and no stray: sshd frees a channel when it has read it all.
      setImmediate(() => connection.internals.forgetChannel(ends.incoming.id))
      source.complete()
  }
}

/** What a payload says; a fault of the peer is an event, for nothing may be thrown into ssh2. */
function decoded(payload: Uint8Array): TransportEvent {
  try {
    return { type: 'transport.messageReceived', message: decodeChannelMessage(payload).message }
  } catch (error) {
    const reason = error instanceof Error ? error : new Error(String(error))
    return { type: 'transport.malformedReceived', error: reason }
  }
}

function truncatedOpen(): HawseError {
  return new HawseError(
    'MALFORMED_MESSAGE',
    'CHANNEL_OPEN is malformed: it ends before the maximum packet size, and ssh2 took it all the same. ' +
      'Expected the layout of RFC 4254 section 5.1; end the connection, the peer is faulty.',
  )
}

function once(act: () => void): () => void {
  let isDone = false
  return () => {
    if (isDone) return
    isDone = true
    act()
  }
}
