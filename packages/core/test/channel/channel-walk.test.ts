import { describe, expect, it } from '@jest/globals'
import { toArray } from '../../src/channel/queue'
import {
  initialChannelState,
  type ChannelInput,
  type ChannelState,
} from '../../src/channel/channel-state'
import type { ChannelParameters } from '../../src/ports/transport-port'
import { walk } from '../walk'
import { checkedChannelStep, silentChannel, type HeardOfChannel } from './channel-observer'
import { dataReceived, received, sampleMessages, sendData } from './sample-channels'

const bytes = Uint8Array.of(1, 2)

/** Every message, command and fact of the transport, in pieces of one and two bytes. */
const alphabet: readonly ChannelInput[] = [
  received({ type: 'windowAdjust', byteCount: 1 }),
  dataReceived(1),
  received({ type: 'extendedData', dataType: 1, bytes }),
  received({ type: 'eof' }),
  received({ type: 'close' }),
  received(sampleMessages.request),
  received({ type: 'success' }),
  { type: 'channel.openWindow' },
  { type: 'channel.grant', byteCount: 1 },
  sendData(2),
  { type: 'channel.sendExtendedData', dataType: 1, bytes },
  { type: 'channel.dropPending', scope: 'stdout' },
  { type: 'channel.sendRequest', request: { name: 'eow@openssh.com' }, wantsReply: true },
  { type: 'channel.reply', requestId: 1, isSuccess: true },
  { type: 'channel.reply', requestId: 2, isSuccess: false },
  { type: 'channel.sendEof' },
  { type: 'channel.close' },
  { type: 'transport.blocked' },
  { type: 'transport.unblocked' },
  { type: 'transport.lost', reason: '' },
]

const small: ChannelParameters = {
  localWindowBytes: 0,
  localMaximumWindowBytes: 10,
  localMaximumPacketBytes: 1,
  remoteWindowBytes: 1,
  remoteMaximumPacketBytes: 1,
}

const depth = 6

describe('every channel of a few inputs', () => {
  it(`keeps every promise within ${String(depth)} inputs of ${String(alphabet.length)} kinds, in 25000 states and more`, () => {
    const { stateCount } = walk<ChannelState, ChannelInput, HeardOfChannel>({
      initial: initialChannelState(small),
      events: alphabet,
      silence: silentChannel(small),
      step: checkedChannelStep,
      keyOf,
      depth,
    })
    expect(stateCount).toBeGreaterThan(25_000)
  })
})

function keyOf(state: ChannelState, heard: HeardOfChannel): string {
  const { outbound, ...rest } = state
  const waiting = toArray(outbound.queue).map((item) =>
    item.kind === 'data' ? [item.dataType, item.bytes.length] : item.kind,
  )
  return JSON.stringify([rest, outbound.windowBytes, waiting, heard])
}
