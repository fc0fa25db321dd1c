import {
  initialChannelState,
  type ChannelInput,
  type ChannelLimits,
  type ChannelOutput,
} from '../channel/channel-state'
import { channelTransition } from '../channel/channel-transition'
import { messageOf } from '../errors/hawse-error'
import type { ChannelEvent, ChannelPort } from '../ports/channel-port'
import { createEventSource } from '../ports/event-source'
import type { TransportCommand, TransportPort } from '../ports/transport-port'
import { drive } from './drive'

/**
 * Turns the packets of one SSH channel into a channel port, by the channel machine (RFC 4254 section 5).
 *
 * The machine runs from now on, whether or not anybody listens: facts are kept for the first subscriber of
 * `event$`, which completes when the channel is over.
 */
export function channelOverTransport(
  transport: TransportPort,
  limits: ChannelLimits = {},
): ChannelPort {
  const source = createEventSource<ChannelEvent>()
  const perform = (output: ChannelOutput): void => {
    if (isTransportCommand(output)) return transport.perform(output)
    source.emit(output)
    // Not when the machine is over: it still has its last facts to tell.
    if (output.type === 'channel.closed' || output.type === 'channel.lost') source.complete()
  }
  const machine = drive({
    initial: initialChannelState(transport.parameters, limits),
    transition: channelTransition,
    perform,
  })
  const feed = (input: ChannelInput): void => machine.dispatch(input)
  transport.event$.subscribe({
    next: feed,
    error: (error: unknown) => {
      feed({ type: 'transport.lost', reason: `the transport port failed: ${messageOf(error)}` })
    },
  })
  return {
    event$: source.event$,
    perform: feed,
    host: transport.host,
    peer: transport.peer,
    peerSoftware: transport.peerSoftware,
  }
}

function isTransportCommand(output: ChannelOutput): output is TransportCommand {
  return output.type.startsWith('transport.')
}
