import type { ChannelCommand, ChannelEvent } from '../ports/channel-port'
import type { ChannelParameters, TransportCommand, TransportEvent } from '../ports/transport-port'
import { initialInboundWindow, type InboundWindow } from './inbound-window'
import { emptyOutbound, type Outbound } from './outbound'
import { emptyLedger, type RequestLedger } from './request-ledger'

/**
 * The channel machine: one SSH channel after it was opened (RFC 4254 section 5).
 *
 * It stands between packets and a session. From below it hears `TransportEvent`s (a message came, the transport
 * is blocked), from above `ChannelCommand`s (send this, close); it answers with `TransportCommand`s downwards and
 * `ChannelEvent`s upwards. It knows nothing of shells, signals or processes.
 *
 * A channel is three small machines that meet only where RFC 4254 makes them meet:
 *
 * - `receiving`, what the peer has told us: `open` -> `eofReceived` -> `closeReceived`.
 * - `sending`, what we were asked to say: `open` -> `eofQueued` -> `closeQueued` -> `closeSent`. EOF and CLOSE
 *   wait in one queue behind the data that was given before them, so that nothing can overtake.
 * - `transport`: `clear` <-> `blocked`, and in the end `disconnecting` or `lost`.
 *
 * Each is a table: inbound messages by `receiving` (receive-table.ts), commands by `sending` (send-table.ts).
 * After every rule the queue is pumped as far as window, packet size and transport allow (outbound.ts). Replies
 * and our own requests do not wait in the queue: they use no window, and an exit status must not wait for a
 * reader. When CLOSE has gone both ways, the channel is over.
 */
export interface ChannelState {
  readonly receiving: 'open' | 'eofReceived' | 'closeReceived'
  readonly sending: 'open' | 'eofQueued' | 'closeQueued' | 'closeSent'
  readonly transport: 'clear' | 'blocked' | 'disconnecting' | 'lost'
  readonly inbound: InboundWindow
  readonly outbound: Outbound
  readonly requests: RequestLedger
  /** Requests that may wait for an answer, each in its turn behind one that is not decided. */
  readonly maximumPendingRequests: number
}

/** What a channel lets its peer do beyond the window. */
export interface ChannelLimits {
  /** Requests that may wait for an answer behind one that is not decided; one more ends the connection: 1024. */
  readonly maximumPendingRequests?: number
}

/** What the channel machine hears. */
export type ChannelInput = TransportEvent | ChannelCommand

/** What the channel machine says. */
export type ChannelOutput = TransportCommand | ChannelEvent

/** A new state, and what is to be said in this order. */
export type ChannelStep = readonly [ChannelState, readonly ChannelOutput[]]

/** A channel that was just opened with these parameters. */
export function initialChannelState(
  parameters: ChannelParameters,
  { maximumPendingRequests = 1_024 }: ChannelLimits = {},
): ChannelState {
  return {
    maximumPendingRequests,
    receiving: 'open',
    sending: 'open',
    transport: 'clear',
    inbound: initialInboundWindow(parameters),
    outbound: emptyOutbound(parameters),
    requests: emptyLedger,
  }
}

/**
 * The state with other windows.
 *
 * Written out, for it is done for every packet: V8 takes some 20 times as long over a spread that replaces members.
 */
export function withWindows(
  state: ChannelState,
  inbound: InboundWindow,
  outbound: Outbound,
): ChannelState {
  const { receiving, sending, transport, requests, maximumPendingRequests } = state
  return {
    maximumPendingRequests,
    receiving,
    sending,
    transport,
    inbound,
    outbound,
    requests,
  }
}

/** Whether nothing can happen any more: CLOSE went both ways, or the connection is gone. */
export function isChannelOver(state: ChannelState): boolean {
  return (
    state.transport === 'lost' ||
    (state.sending === 'closeSent' && state.receiving === 'closeReceived')
  )
}
