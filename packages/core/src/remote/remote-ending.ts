import { lost, unreported, type ExitOutcome } from '../ports/exit-outcome'
import type { RemoteInputOf } from './remote-event'
import { cutOutput, deliverHeld, endOutputs, pauseOutput, resumeOutput } from './remote-output'
import { reportedExit } from './remote-report'
import { channelIsSettled, nothingToAsk, openingIsDecided, type RemoteRow } from './remote-row'
import { over, type Leaving, type RemoteStep } from './remote-state'

/** We have closed; the report is owed. */
export const leavingRow: RemoteRow<'leaving'> = {
  ...openingIsDecided,
  // A turn that was asked for before.
  'remote.deliver': 'ignore',
  ...channelIsSettled,
  'channel.requested': hearReport,
  'channel.written': (state, event) => [
    state,
    [{ type: 'process.inputWritten', byteCount: event.byteCount }],
  ],
  // `channel.closed` follows.
  'channel.closeReceived': 'ignore',
  'channel.closed': () => end(unreported('the server closed without a report')),
  'channel.lost': (_state, event) => end(lost(event.reason)),
  ...nothingToAsk,
  // It goes through where our CLOSE still waits behind input.
  'process.signal': (state, { signal }) => [
    state,
    [
      {
        type: 'channel.sendRequest',
        request: { name: 'signal', signal },
        wantsReply: false,
      },
    ],
  ],
  'process.disconnect': (state) => [state, [{ type: 'channel.dropPending', scope: 'all' }]],
}

/** The channel is over; output waits to be resumed. */
export const drainingRow: RemoteRow<'draining'> = {
  ...openingIsDecided,
  'remote.deliver': deliverHeld,
  ...channelIsSettled,
  ...nothingToAsk,
  'process.closeOutput': (state, { output }) => cutOutput(state, output),
  'process.pauseOutput': pauseOutput,
  'process.resumeOutput': resumeOutput,
  'process.disconnect': (state) => [over, endOutputs(state)],
}

/** Everything is told. */
export const overRow: RemoteRow<'over'> = {
  ...openingIsDecided,
  'remote.deliver': 'ignore',
  ...channelIsSettled,
  ...nothingToAsk,
}

function hearReport(state: Leaving, event: RemoteInputOf<'channel.requested'>): RemoteStep {
  const exit = reportedExit(event.request)
  return exit === undefined ? [state, []] : end(exit)
}

function end(exit: ExitOutcome): RemoteStep {
  return [over, [{ type: 'process.exited', outcome: exit }]]
}
