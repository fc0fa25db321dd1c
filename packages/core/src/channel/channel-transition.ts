import type { ChannelCommand } from '../ports/channel-port'
import type { TransportEvent } from '../ports/transport-port'
import type { ChannelMessage } from '../wire/channel-message'
import type { ChannelInput, ChannelOutput, ChannelState, ChannelStep } from './channel-state'
import { isChannelOver, withWindows } from './channel-state'
import { dropData, takeSendable } from './outbound'
import { disconnect, receiveTable, type ReceivePhase } from './receive-table'
import { refuseAll } from './request-ledger'
import { replyMessage, sendTable } from './send-table'

/**
 * One step of the channel machine: looks the rule up, applies it, and sends what may be sent now.
 *
 * Pure. Never throws. After the channel is over every input is ignored, but for data, which is told as dropped.
 */
export function channelTransition(state: ChannelState, input: ChannelInput): ChannelStep {
  if (isChannelOver(state)) return [state, lateData(input)]
  if (state.transport === 'disconnecting' && input.type !== 'transport.lost') {
    return [state, lateData(input)]
  }
  const [ruled, said] = applyRule(state, input)
  const [pumped, sent] = pump(ruled)
  const isOverNow = pumped.transport !== 'lost' && isChannelOver(pumped)
  return [pumped, isOverNow ? [...said, ...sent, ...farewell] : joined(said, sent)]
}

/** Most steps have one part; a copy of it would be made for every packet. */
function joined(
  said: readonly ChannelOutput[],
  sent: readonly ChannelOutput[],
): readonly ChannelOutput[] {
  if (sent.length === 0) return said
  return said.length === 0 ? sent : [...said, ...sent]
}

const farewell: readonly ChannelOutput[] = [
  { type: 'transport.release' },
  { type: 'channel.closed' },
]

function lateData(input: ChannelInput): readonly ChannelOutput[] {
  if (input.type !== 'channel.sendData' && input.type !== 'channel.sendExtendedData') return []
  const byteCount = input.bytes.length
  return byteCount > 0 ? [{ type: 'channel.dropped', byteCount }] : []
}

function applyRule(state: ChannelState, input: ChannelInput): ChannelStep {
  return isTransportEvent(input) ? applyTransport(state, input) : applyCommand(state, input)
}

function isTransportEvent(input: ChannelInput): input is TransportEvent {
  return input.type.startsWith('transport.')
}

function applyTransport(state: ChannelState, event: TransportEvent): ChannelStep {
  switch (event.type) {
    case 'transport.messageReceived':
      return receive(state, event.message)
    case 'transport.malformedReceived':
      return disconnect(state, event.error.message)
    case 'transport.blocked':
      return [{ ...state, transport: 'blocked' }, []]
    case 'transport.unblocked':
      return [{ ...state, transport: 'clear' }, []]
    case 'transport.lost':
      return lose(state, event.reason)
  }
}

function receive(state: ChannelState, message: ChannelMessage): ChannelStep {
  const phase: ReceivePhase = state.sending === 'closeSent' ? 'closeSent' : state.receiving
  // The table pairs each message type with a rule for that type; TypeScript cannot follow the correlation.
  const rule = receiveTable[phase][message.type] as
    ((state: ChannelState, message: ChannelMessage) => ChannelStep) | 'ignore'
  return rule === 'ignore' ? [state, []] : rule(state, message)
}

function applyCommand(state: ChannelState, command: ChannelCommand): ChannelStep {
  const rule = sendTable[state.sending][command.type] as
    ((state: ChannelState, command: ChannelCommand) => ChannelStep) | 'ignore'
  return rule === 'ignore' ? [state, []] : rule(state, command)
}

function lose(state: ChannelState, reason: string): ChannelStep {
  const { outbound, droppedBytes } = dropData(state.outbound, 'all')
  const outputs: ChannelOutput[] = []
  if (droppedBytes > 0) outputs.push({ type: 'channel.dropped', byteCount: droppedBytes })
  outputs.push({ type: 'channel.lost', reason })
  return [{ ...state, transport: 'lost', outbound }, outputs]
}

function pump(state: ChannelState): ChannelStep {
  if (state.transport !== 'clear' || state.outbound.queue.length === 0) return [state, []]
  const { outbound, messages, writtenBytes } = takeSendable(state.outbound)
  if (messages.length === 0) return [state, []]
  const outputs: ChannelOutput[] = []
  let { sending, requests } = state
  for (const message of messages) {
    if (message.type === 'close') {
      outputs.push(...overdueReplies(state))
      requests = refuseAll(requests).ledger
      sending = 'closeSent'
    }
    outputs.push({ type: 'transport.send', message })
  }
  if (writtenBytes > 0) outputs.push({ type: 'channel.written', byteCount: writtenBytes })
  const pumped = withWindows(state, state.inbound, outbound)
  return [sending === 'closeSent' ? { ...pumped, requests, sending } : pumped, outputs]
}

/** Every request gets its reply, also from a channel that closes first; a peer that has closed wants none. */
function overdueReplies(state: ChannelState): readonly ChannelOutput[] {
  if (state.receiving === 'closeReceived') return []
  return refuseAll(state.requests).answers.map(replyMessage)
}
