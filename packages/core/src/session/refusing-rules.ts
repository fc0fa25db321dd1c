import { close, end } from './endings'
import { dropInput } from './input-flow'
import { afterLoss, endBeforeStart, loseBeforeStart, unregisterBeforeStart } from './opening-rules'
import { settleOutput } from './output-flow'
import { finishRefusal } from './refusal'
import { replyTo } from './request-table'
import {
  countDiscarded,
  defer,
  dropUnwritten,
  registerProducer,
  warn,
  write,
  type Row,
  decisionMade,
  noProcessYet,
} from './rule'

/** The reason was sent; the failure reply waits until the client has had time to show it. */
export const refusingRow: Row<'refusing'> = {
  // Replies leave in order, so this one waits behind the one that is owed.
  'channel.requested': (state, event) => [state, replyTo(event, false)],
  'channel.replied': finishRefusal,
  'channel.dataReceived': defer,
  'channel.extendedDataReceived': (state, event) => dropInput(state, event.bytes.length),
  'channel.discarded': countDiscarded,
  'channel.eofReceived': defer,
  'channel.closeReceived': (state) => close(state, null, state.ending),
  'channel.written': (state, event) => settleOutput(state, event.byteCount),
  'channel.dropped': dropUnwritten,
  'channel.closed': 'illegal',
  'channel.lost': (state, event) => end(state, null, afterLoss(state.ending, event.reason)),
  ...decisionMade,
  ...noProcessYet,
  'timer.expired': (state, event) =>
    event.timer === 'refuse' ? finishRefusal(state) : [state, []],
  'session.write': write,
  'session.warn': warn,
  'session.loseConnection': (state, event) => loseBeforeStart(state, event, []),
  'session.end': (state, event) => endBeforeStart(state, event, []),
  'producer.registered': registerProducer,
  'producer.unregistered': (state) => unregisterBeforeStart(state, []),
}
