import type { ChannelCommand } from '../ports/channel-port'
import {
  withWindows,
  type ChannelOutput,
  type ChannelState,
  type ChannelStep,
} from './channel-state'
import { openWindow, refund } from './inbound-window'
import { dropData, queueData, queueMark } from './outbound'
import { adjust } from './receive-table'
import { answer } from './request-ledger'

type CommandOf<Type extends ChannelCommand['type']> = Extract<
  ChannelCommand,
  { readonly type: Type }
>

type Rule<Type extends ChannelCommand['type']> =
  ((state: ChannelState, command: CommandOf<Type>) => ChannelStep) | 'ignore'

type SendTable = {
  readonly [Phase in ChannelState['sending']]: {
    readonly [Type in ChannelCommand['type']]: Rule<Type>
  }
}

/** What a command does, by what was asked before it. Data given after EOF or CLOSE is dropped and told. */
export const sendTable: SendTable = {
  open: {
    'channel.openWindow': open,
    'channel.grant': grant,
    'channel.sendData': (state, command) => sendData(state, 0, command.bytes),
    'channel.sendExtendedData': (state, command) =>
      sendData(state, command.dataType, command.bytes),
    'channel.dropPending': dropPending,
    'channel.sendRequest': sendRequest,
    'channel.reply': reply,
    'channel.sendEof': sendEof,
    'channel.close': close,
  },
  eofQueued: {
    'channel.openWindow': open,
    'channel.grant': grant,
    'channel.sendData': refuseData,
    'channel.sendExtendedData': refuseData,
    'channel.dropPending': dropPending,
    'channel.sendRequest': sendRequest,
    'channel.reply': reply,
    // EOF is one message.
    'channel.sendEof': 'ignore',
    'channel.close': close,
  },
  closeQueued: {
    // The channel is on its way out: no more input is wanted.
    'channel.openWindow': 'ignore',
    'channel.grant': 'ignore',
    'channel.sendData': refuseData,
    'channel.sendExtendedData': refuseData,
    'channel.dropPending': dropPending,
    'channel.sendRequest': sendRequest,
    'channel.reply': reply,
    'channel.sendEof': 'ignore',
    // CLOSE is one message.
    'channel.close': 'ignore',
  },
  closeSent: {
    'channel.openWindow': 'ignore',
    'channel.grant': 'ignore',
    'channel.sendData': refuseData,
    'channel.sendExtendedData': refuseData,
    'channel.dropPending': 'ignore',
    // Nothing follows CLOSE.
    'channel.sendRequest': 'ignore',
    'channel.reply': 'ignore',
    'channel.sendEof': 'ignore',
    'channel.close': 'ignore',
  },
}

function open(state: ChannelState): ChannelStep {
  const [inbound, byteCount] = openWindow(state.inbound)
  return [{ ...state, inbound }, announce(state, byteCount)]
}

function grant(state: ChannelState, command: CommandOf<'channel.grant'>): ChannelStep {
  const [inbound, byteCount] = refund(state.inbound, command.byteCount)
  return [withWindows(state, inbound, state.outbound), announce(state, byteCount)]
}

/** A peer that has said EOF or CLOSE needs no window. */
function announce(state: ChannelState, byteCount: number): readonly ChannelOutput[] {
  return byteCount > 0 && state.receiving === 'open' ? [adjust(byteCount)] : []
}

function sendData(state: ChannelState, dataType: number, bytes: Uint8Array): ChannelStep {
  if (state.receiving === 'closeReceived') return dropped(state, bytes.length)
  const isClear = state.transport === 'clear'
  const outbound = queueData(state.outbound, dataType, bytes, isClear)
  return [withWindows(state, state.inbound, outbound), []]
}

function refuseData(state: ChannelState, command: { readonly bytes: Uint8Array }): ChannelStep {
  return dropped(state, command.bytes.length)
}

function dropPending(state: ChannelState, command: CommandOf<'channel.dropPending'>): ChannelStep {
  const { outbound, droppedBytes } = dropData(
    state.outbound,
    command.scope === 'stdout' ? 0 : 'all',
  )
  return dropped({ ...state, outbound }, droppedBytes)
}

function dropped(state: ChannelState, byteCount: number): ChannelStep {
  return [state, byteCount > 0 ? [{ type: 'channel.dropped', byteCount }] : []]
}

function sendRequest(state: ChannelState, command: CommandOf<'channel.sendRequest'>): ChannelStep {
  const { request, wantsReply } = command
  const awaitedReplies = state.requests.awaitedReplies + (wantsReply ? 1 : 0)
  return [
    { ...state, requests: { ...state.requests, awaitedReplies } },
    [{ type: 'transport.send', message: { type: 'request', request, wantsReply } }],
  ]
}

function reply(state: ChannelState, command: CommandOf<'channel.reply'>): ChannelStep {
  const { ledger, answers } = answer(state.requests, command.requestId, command.isSuccess)
  return [{ ...state, requests: ledger }, answers.map(replyMessage)]
}

/** SUCCESS or FAILURE for the peer. */
export function replyMessage(isSuccess: boolean): ChannelOutput {
  return { type: 'transport.send', message: { type: isSuccess ? 'success' : 'failure' } }
}

/** After the peer's CLOSE nobody reads an EOF, and sshd sends none. */
function sendEof(state: ChannelState): ChannelStep {
  if (state.receiving === 'closeReceived') return [{ ...state, sending: 'eofQueued' }, []]
  return [{ ...state, sending: 'eofQueued', outbound: queueMark(state.outbound, 'eof') }, []]
}

function close(state: ChannelState): ChannelStep {
  return [{ ...state, sending: 'closeQueued', outbound: queueMark(state.outbound, 'close') }, []]
}
