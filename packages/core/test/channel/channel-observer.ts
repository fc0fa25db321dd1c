import {
  isChannelOver,
  type ChannelInput,
  type ChannelOutput,
  type ChannelState,
} from '../../src/channel/channel-state'
import { channelTransition } from '../../src/channel/channel-transition'
import type { ChannelParameters } from '../../src/ports/transport-port'
import type { ChannelMessage } from '../../src/wire/channel-message'
import { describeOutput } from './sample-channels'

/** What somebody knows who has heard everything a channel said, and everything it was told. */
export interface HeardOfChannel {
  readonly parameters: ChannelParameters
  /** What may still be sent to the peer. */
  readonly remoteWindowBytes: number
  /** Handed up and not granted back. */
  readonly heldBytes: number
  /** Given to the channel, and neither told as written nor as dropped. */
  readonly untoldBytes: number
  readonly eofsSent: number
  readonly closesSent: number
  readonly eofsReceived: number
  readonly closesReceived: number
  readonly isOver: boolean
  /** Replies the peer waits for. */
  readonly owedReplies: number
}

/** Nothing was said yet. */
export function silentChannel(parameters: ChannelParameters): HeardOfChannel {
  return {
    parameters,
    remoteWindowBytes: parameters.remoteWindowBytes,
    heldBytes: 0,
    untoldBytes: 0,
    eofsSent: 0,
    closesSent: 0,
    eofsReceived: 0,
    closesReceived: 0,
    isOver: false,
    owedReplies: 0,
  }
}

/** One step of the channel machine, with everything checked that must hold whatever both sides do. Throws. */
export function checkedChannelStep(
  state: ChannelState,
  input: ChannelInput,
  heard: HeardOfChannel,
): readonly [ChannelState, HeardOfChannel] {
  const [after, outputs] = channelTransition(state, input)
  if (isChannelOver(state) && after !== state) throw new Error('changed after its end')
  const told = tell(heard, input, isChannelOver(state) || state.transport === 'disconnecting')
  const now = outputs.reduce(hear, told)
  if (isChannelOver(after) !== now.isOver) throw new Error('over, and not told')
  if (now.untoldBytes !== after.outbound.queuedBytes) throw new Error('bytes given and not told')
  checkHeld(now)
  return [after, now]
}

/** Row 18: no peer can make us hold more than its window and the grace. */
function checkHeld({ heldBytes, parameters }: HeardOfChannel): void {
  const most = parameters.localMaximumWindowBytes * 1.1
  if (heldBytes > most)
    throw new Error(`holds ${String(heldBytes)} bytes, more than ${String(most)}`)
}

function tell(heard: HeardOfChannel, input: ChannelInput, isDeaf: boolean): HeardOfChannel {
  switch (input.type) {
    case 'channel.sendData':
    case 'channel.sendExtendedData':
      return { ...heard, untoldBytes: heard.untoldBytes + input.bytes.length }
    case 'channel.grant':
      return { ...heard, heldBytes: Math.max(0, heard.heldBytes - input.byteCount) }
    case 'transport.messageReceived':
      return isDeaf || heard.closesReceived > 0 || heard.closesSent > 0
        ? heard
        : tellMessage(heard, input.message)
    default:
      return heard
  }
}

function tellMessage(heard: HeardOfChannel, message: ChannelMessage): HeardOfChannel {
  if (message.type === 'windowAdjust') {
    return { ...heard, remoteWindowBytes: heard.remoteWindowBytes + message.byteCount }
  }
  if (message.type !== 'request' || !message.wantsReply) return heard
  return { ...heard, owedReplies: heard.owedReplies + 1 }
}

function hear(heard: HeardOfChannel, output: ChannelOutput): HeardOfChannel {
  const isLate = heard.isOver && output.type !== 'channel.dropped'
  if (isLate) throw new Error(`${describeOutput(output)} after the end`)
  switch (output.type) {
    case 'transport.send':
      return hearSent(heard, output.message)
    case 'channel.written':
    case 'channel.dropped':
      return { ...heard, untoldBytes: heard.untoldBytes - output.byteCount }
    case 'channel.dataReceived':
    case 'channel.extendedDataReceived':
      if (heard.eofsReceived > 0) throw new Error('data after EOF')
      if (heard.closesReceived > 0) throw new Error('data after CLOSE')
      return { ...heard, heldBytes: heard.heldBytes + output.bytes.length }
    case 'channel.eofReceived':
      return atMostOnce({ ...heard, eofsReceived: heard.eofsReceived + 1 }, 'eofsReceived')
    case 'channel.closeReceived':
      return atMostOnce({ ...heard, closesReceived: heard.closesReceived + 1 }, 'closesReceived')
    case 'channel.closed':
      if (heard.closesSent !== 1) throw new Error('closed without our CLOSE')
      return { ...heard, isOver: true }
    case 'channel.lost':
      return { ...heard, isOver: true }
    default:
      return heard
  }
}

function hearSent(heard: HeardOfChannel, message: ChannelMessage): HeardOfChannel {
  if (heard.closesSent > 0) throw new Error(`${message.type} after CLOSE`)
  switch (message.type) {
    case 'data':
    case 'extendedData':
      return hearData(heard, message.bytes.length)
    case 'eof':
      return atMostOnce({ ...heard, eofsSent: heard.eofsSent + 1 }, 'eofsSent')
    case 'close':
      if (heard.owedReplies > 0 && heard.closesReceived === 0) throw new Error('CLOSE owes replies')
      return { ...heard, closesSent: 1 }
    case 'success':
    case 'failure':
      if (heard.owedReplies === 0) throw new Error('a reply that nobody wants')
      return { ...heard, owedReplies: heard.owedReplies - 1 }
    default:
      return heard
  }
}

function hearData(heard: HeardOfChannel, byteCount: number): HeardOfChannel {
  if (heard.eofsSent > 0) throw new Error('data after EOF')
  if (heard.closesReceived > 0) throw new Error('data after the CLOSE of the peer')
  if (byteCount === 0) throw new Error('an empty packet')
  if (byteCount > heard.parameters.remoteMaximumPacketBytes) throw new Error('too large a packet')
  if (byteCount > heard.remoteWindowBytes) throw new Error('more than the window of the peer')
  return { ...heard, remoteWindowBytes: heard.remoteWindowBytes - byteCount }
}

function atMostOnce(
  heard: HeardOfChannel,
  name: 'eofsSent' | 'eofsReceived' | 'closesReceived',
): HeardOfChannel {
  if (heard[name] > 1) throw new Error(`${name}: ${String(heard[name])}, expected at most 1`)
  return heard
}
