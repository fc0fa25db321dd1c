import type { ChannelMessage } from '../wire/channel-message'
import { HawseError } from '../errors/hawse-error'
import {
  withWindows,
  type ChannelOutput,
  type ChannelState,
  type ChannelStep,
} from './channel-state'
import { charge, refund } from './inbound-window'
import { dropData, dropEof, withWindow } from './outbound'
import { note } from './request-ledger'

/** Row of the table: what the peer has said so far, or that we have sent CLOSE and only wait for its own. */
export type ReceivePhase = ChannelState['receiving'] | 'closeSent'

type MessageOf<Type extends ChannelMessage['type']> = Extract<
  ChannelMessage,
  { readonly type: Type }
>

type Rule<Type extends ChannelMessage['type']> =
  ((state: ChannelState, message: MessageOf<Type>) => ChannelStep) | 'ignore'

type ReceiveTable = {
  readonly [Phase in ReceivePhase]: {
    readonly [Type in ChannelMessage['type']]: Rule<Type>
  }
}

/** SSH_DISCONNECT_PROTOCOL_ERROR (RFC 4253 section 11.1). */
const protocolErrorCode = 2

const maximumUint32 = 4_294_967_295

/**
 * What an inbound message does, by what came before it. Nothing is answered after a CLOSE, and after ours nothing is
 * heard but the report of an exit.
 */
export const receiveTable: ReceiveTable = {
  open: {
    windowAdjust,
    data: deliverData,
    extendedData: deliverExtendedData,
    eof: (state) => [{ ...state, receiving: 'eofReceived' }, [{ type: 'channel.eofReceived' }]],
    close: receiveClose,
    request: receiveRequest,
    success: (state) => receiveReply(state, true),
    failure: (state) => receiveReply(state, false),
  },
  eofReceived: {
    windowAdjust,
    data: discard,
    extendedData: discard,
    // A second EOF says nothing new.
    eof: 'ignore',
    close: receiveClose,
    request: receiveRequest,
    success: (state) => receiveReply(state, true),
    failure: (state) => receiveReply(state, false),
  },
  closeReceived: {
    windowAdjust: 'ignore',
    data: 'ignore',
    extendedData: 'ignore',
    eof: 'ignore',
    close: 'ignore',
    request: 'ignore',
    success: 'ignore',
    failure: 'ignore',
  },
  closeSent: {
    windowAdjust: 'ignore',
    data: 'ignore',
    extendedData: 'ignore',
    eof: 'ignore',
    close: receiveClose,
    request: receiveReport,
    success: 'ignore',
    failure: 'ignore',
  },
}

/** Ends the connection for a breach of protocol; nothing more is sent or delivered. */
export function disconnect(state: ChannelState, description: string): ChannelStep {
  return [
    { ...state, transport: 'disconnecting' },
    [{ type: 'transport.disconnect', reasonCode: protocolErrorCode, description }],
  ]
}

function windowAdjust(state: ChannelState, message: MessageOf<'windowAdjust'>): ChannelStep {
  const windowBytes = state.outbound.windowBytes + message.byteCount
  if (windowBytes > maximumUint32) {
    return disconnect(state, 'WINDOW_ADJUST raised the window above 4294967295 bytes')
  }
  return [withWindows(state, state.inbound, withWindow(state.outbound, windowBytes)), []]
}

function deliverData(state: ChannelState, message: MessageOf<'data'>): ChannelStep {
  return deliver(state, message.bytes.length, {
    type: 'channel.dataReceived',
    bytes: message.bytes,
  })
}

function deliverExtendedData(state: ChannelState, message: MessageOf<'extendedData'>): ChannelStep {
  const { dataType, bytes } = message
  return deliver(state, bytes.length, { type: 'channel.extendedDataReceived', dataType, bytes })
}

function deliver(state: ChannelState, byteCount: number, event: ChannelOutput): ChannelStep {
  const charged = charge(state.inbound, byteCount)
  if (!charged.isWithinGrace) return disconnect(state, windowExceeded(state).message)
  return [withWindows(state, charged.window, state.outbound), [event]]
}

function windowExceeded(state: ChannelState): HawseError {
  return new HawseError(
    'WINDOW_EXCEEDED',
    `peer sent more than 10 % past its window of ${state.inbound.maximumWindowBytes} bytes; it must wait for WINDOW_ADJUST`,
  )
}

function tooManyRequests({ maximumPendingRequests }: ChannelState): HawseError {
  return new HawseError(
    'TOO_MANY_REQUESTS',
    `peer sent more than ${String(maximumPendingRequests)} requests before the first was answered; it must wait for answers`,
  )
}

/** Data after EOF is charged and given back at once, so that a confused peer cannot wedge the channel. */
function discard(
  state: ChannelState,
  message: MessageOf<'data'> | MessageOf<'extendedData'>,
): ChannelStep {
  const byteCount = message.bytes.length
  const charged = charge(state.inbound, byteCount)
  if (!charged.isWithinGrace) return disconnect(state, windowExceeded(state).message)
  const [inbound, announced] = refund(charged.window, byteCount)
  const outputs: ChannelOutput[] = [{ type: 'channel.discarded', byteCount }]
  if (announced > 0) outputs.push(adjust(announced))
  return [{ ...state, inbound }, outputs]
}

function receiveClose(state: ChannelState): ChannelStep {
  const { outbound, droppedBytes } = dropData(state.outbound, 'all')
  const outputs: ChannelOutput[] = []
  if (droppedBytes > 0) outputs.push({ type: 'channel.dropped', byteCount: droppedBytes })
  if (state.sending !== 'closeSent') outputs.push({ type: 'channel.closeReceived' })
  return [{ ...state, receiving: 'closeReceived', outbound: dropEof(outbound) }, outputs]
}

function receiveRequest(state: ChannelState, message: MessageOf<'request'>): ChannelStep {
  const { request, wantsReply } = message
  if (wantsReply && state.requests.owed.length >= state.maximumPendingRequests) {
    return disconnect(state, tooManyRequests(state).message)
  }
  const { ledger, requestId } = note(state.requests, wantsReply)
  return [
    { ...state, requests: ledger },
    [{ type: 'channel.requested', requestId, request, wantsReply }],
  ]
}

/**
 * sshd reports an exit and answers our CLOSE when the program has ended, which may be long after. Whatever else is
 * asked of a channel that has closed has no answer.
 */
function receiveReport(state: ChannelState, { request }: MessageOf<'request'>): ChannelStep {
  if (request.name !== 'exit-status' && request.name !== 'exit-signal') return [state, []]
  const { ledger, requestId } = note(state.requests, false)
  return [
    { ...state, requests: ledger },
    [{ type: 'channel.requested', requestId, request, wantsReply: false }],
  ]
}

/** An answer to no question is ignored, as OpenSSH does. */
function receiveReply(state: ChannelState, isSuccess: boolean): ChannelStep {
  const { awaitedReplies } = state.requests
  if (awaitedReplies === 0) return [state, []]
  return [
    { ...state, requests: { ...state.requests, awaitedReplies: awaitedReplies - 1 } },
    [{ type: 'channel.replied', isSuccess }],
  ]
}

/** A WINDOW_ADJUST for the peer. */
export function adjust(byteCount: number): ChannelOutput {
  return { type: 'transport.send', message: { type: 'windowAdjust', byteCount } }
}
