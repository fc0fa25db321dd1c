import type { ChannelState } from '../../src/channel/channel-state'
import type { ReceivePhase } from '../../src/channel/receive-table'
import type { ChannelCommand } from '../../src/ports/channel-port'
import type { TransportEvent } from '../../src/ports/transport-port'
import type { ChannelMessage } from '../../src/wire/channel-message'

/**
 * What the channel machine must do, cell by cell: `receiving/sending | what changes | what is said`, or `ignore`.
 * Reviewed by hand against RFC 4254 section 5 and rows 4, 18, 19, 20 and 23 of the behaviour.
 */
export const receiveCells: Readonly<
  Record<ReceivePhase, Readonly<Record<ChannelMessage['type'], string>>>
> = {
  open: {
    windowAdjust: 'open/open | remoteWindow +5',
    data: 'open/open | localWindow -3 | channel.dataReceived 3B',
    extendedData: 'open/open | localWindow -3 | channel.extendedDataReceived 1 3B',
    eof: 'eofReceived/open | channel.eofReceived',
    close: 'closeReceived/open | channel.closeReceived',
    request: 'open/open | owed +1 | channel.requested 2 exec true',
    success: 'open/open | awaited -1 | channel.replied true',
    failure: 'open/open | awaited -1 | channel.replied false',
  },
  eofReceived: {
    windowAdjust: 'eofReceived/open | remoteWindow +5',
    data: 'eofReceived/open | localWindow -3 consumed +3 | channel.discarded 3',
    extendedData: 'eofReceived/open | localWindow -3 consumed +3 | channel.discarded 3',
    eof: 'ignore',
    close: 'closeReceived/open | channel.closeReceived',
    request: 'eofReceived/open | owed +1 | channel.requested 2 exec true',
    success: 'eofReceived/open | awaited -1 | channel.replied true',
    failure: 'eofReceived/open | awaited -1 | channel.replied false',
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
    close: 'closeReceived/closeSent | release, channel.closed',
    request: 'ignore',
    success: 'ignore',
    failure: 'ignore',
  },
}

/** Commands, where a request is owed, 60 bytes of input were not consumed, and 5 bytes of output wait for window. */
export const sendCells: Readonly<
  Record<ChannelState['sending'], Readonly<Record<ChannelCommand['type'], string>>>
> = {
  open: {
    'channel.openWindow': 'open/open',
    'channel.grant': 'open/open | localWindow +60 | send windowAdjust 60',
    'channel.sendData': 'open/open | queuedBytes +3',
    'channel.sendExtendedData': 'open/open | queuedBytes +3',
    'channel.dropPending': 'open/open | queuedBytes -5 | channel.dropped 5',
    'channel.sendRequest': 'open/open | awaited +1 | send request eow@openssh.com',
    'channel.reply': 'open/open | owed -1 | send success',
    'channel.sendEof': 'open/eofQueued',
    'channel.close': 'open/closeQueued',
  },
  eofQueued: {
    'channel.openWindow': 'open/eofQueued',
    'channel.grant': 'open/eofQueued | localWindow +60 | send windowAdjust 60',
    'channel.sendData': 'open/eofQueued | channel.dropped 3',
    'channel.sendExtendedData': 'open/eofQueued | channel.dropped 3',
    'channel.dropPending': 'open/eofQueued | queuedBytes -5 | channel.dropped 5, send eof',
    'channel.sendRequest': 'open/eofQueued | awaited +1 | send request eow@openssh.com',
    'channel.reply': 'open/eofQueued | owed -1 | send success',
    'channel.sendEof': 'ignore',
    'channel.close': 'open/closeQueued',
  },
  closeQueued: {
    'channel.openWindow': 'ignore',
    'channel.grant': 'ignore',
    'channel.sendData': 'open/closeQueued | channel.dropped 3',
    'channel.sendExtendedData': 'open/closeQueued | channel.dropped 3',
    'channel.dropPending':
      'open/closeSent | queuedBytes -5 owed -1 | channel.dropped 5, send failure, send close',
    'channel.sendRequest': 'open/closeQueued | awaited +1 | send request eow@openssh.com',
    'channel.reply': 'open/closeQueued | owed -1 | send success',
    'channel.sendEof': 'ignore',
    'channel.close': 'ignore',
  },
  closeSent: {
    'channel.openWindow': 'ignore',
    'channel.grant': 'ignore',
    'channel.sendData': 'open/closeSent | channel.dropped 3',
    'channel.sendExtendedData': 'open/closeSent | channel.dropped 3',
    'channel.dropPending': 'ignore',
    'channel.sendRequest': 'ignore',
    'channel.reply': 'ignore',
    'channel.sendEof': 'ignore',
    'channel.close': 'ignore',
  },
}

/** What the transport itself tells, where 5 bytes of output wait for window. */
export const transportCells: Readonly<
  Record<
    ChannelState['transport'],
    Readonly<Record<Exclude<TransportEvent['type'], 'transport.messageReceived'>, string>>
  >
> = {
  clear: {
    'transport.malformedReceived': 'open/open | transport disconnecting | disconnect 2',
    'transport.blocked': 'open/open | transport blocked',
    'transport.unblocked': 'open/open',
    'transport.lost':
      'open/open | transport lost queuedBytes -5 | channel.dropped 5, channel.lost reset',
  },
  blocked: {
    'transport.malformedReceived': 'open/open | transport disconnecting | disconnect 2',
    'transport.blocked': 'open/open',
    'transport.unblocked': 'open/open | transport clear',
    'transport.lost':
      'open/open | transport lost queuedBytes -5 | channel.dropped 5, channel.lost reset',
  },
  disconnecting: {
    'transport.malformedReceived': 'ignore',
    'transport.blocked': 'ignore',
    'transport.unblocked': 'ignore',
    'transport.lost':
      'open/open | transport lost queuedBytes -5 | channel.dropped 5, channel.lost reset',
  },
  lost: {
    'transport.malformedReceived': 'ignore',
    'transport.blocked': 'ignore',
    'transport.unblocked': 'ignore',
    'transport.lost': 'ignore',
  },
}
