import { describe, expect, it } from '@jest/globals'
import { toArray } from '../../src/channel/queue'
import { exited } from '../../src/ports/exit-outcome'
import type { SessionEvent } from '../../src/session/session-event'
import { defaultSettings } from '../../src/session/session-settings'
import {
  initialSessionState,
  type SessionPhase,
  type SessionState,
} from '../../src/session/session-state'
import { checkedSessionStep, silentSession, type HeardOfSession } from './session-observer'
import { execRequested, started, wayTo } from './sample-states'
import { requested, sampleRequests } from './sample-requests'
import { walk } from '../walk'

const bytes = Uint8Array.of(1)

/** Every event type that has a rule of its own, one byte at a time. */
const alphabet: readonly SessionEvent[] = [
  execRequested,
  requested(sampleRequests['eow@openssh.com'], false),
  requested(sampleRequests.signal, false),
  { type: 'channel.dataReceived', bytes },
  { type: 'channel.eofReceived' },
  { type: 'channel.closeReceived' },
  { type: 'channel.written', byteCount: 1 },
  { type: 'channel.dropped', byteCount: 1 },
  { type: 'channel.closed' },
  { type: 'channel.lost', reason: '' },
  { type: 'program.accepted' },
  { type: 'program.refused', reason: 'r' },
  started,
  { type: 'process.startFailed', failure: 'notFound', message: '' },
  { type: 'process.output', output: 'stdout', bytes },
  { type: 'process.outputEnded', output: 'stdout' },
  { type: 'process.outputEnded', output: 'stderr' },
  { type: 'process.inputWritten', byteCount: 1 },
  { type: 'process.inputClosed' },
  { type: 'process.exited', outcome: exited(3) },
  { type: 'timer.expired', timer: 'drain' },
  { type: 'timer.expired', timer: 'terminate' },
  { type: 'timer.expired', timer: 'close' },
  { type: 'session.write', bytes },
  { type: 'session.loseConnection', reason: '' },
  { type: 'session.end', endedBy: 'timeout', reason: '' },
  { type: 'producer.registered', kind: 'push' },
  { type: 'producer.registered', kind: 'pull' },
  { type: 'producer.unregistered' },
]

const settings = { ...defaultSettings, outputHighWaterMarkBytes: 1, outputLowWaterMarkBytes: 0 }

/** Beyond this many events a walk would take longer than a test should. */
const depth = 6

/** Where walks begin - running sessions lie too far from an open channel - and how many states they meet at least. */
const beginnings: readonly (readonly [SessionPhase, number])[] = [
  ['waiting', 6_500],
  ['running', 3_000],
  ['draining', 150],
]

describe('every session of a few events', () => {
  it.each(beginnings)(
    `keeps every promise within ${String(depth)} events of ${String(alphabet.length)} kinds after %s, in %i states and more`,
    (phase, leastStateCount) => {
      const [initial, silence] = beginningOf(phase)
      const { stateCount } = walk<SessionState, SessionEvent, HeardOfSession>({
        initial,
        events: alphabet,
        silence,
        step: checkedSessionStep,
        keyOf,
        depth,
      })
      expect(stateCount).toBeGreaterThan(leastStateCount)
    },
  )
})

function beginningOf(phase: SessionPhase): readonly [SessionState, HeardOfSession] {
  return wayTo[phase].reduce<readonly [SessionState, HeardOfSession]>(
    ([state, heard], event) => checkedSessionStep(state, event, heard),
    [initialSessionState(settings), silentSession],
  )
}

/** Bytes counted and the numbers of requests do not change what can happen next. */
function keyOf(state: SessionState, heard: HeardOfSession): string {
  const { asked: _asked, owed, ...known } = heard
  if (state.phase === 'ended') return JSON.stringify([known, owed.length])
  const { settings: _settings, traffic: _traffic, deferred, ...rest } = state
  const waiting = toArray(deferred).map(({ type }) => type)
  return JSON.stringify([rest, waiting, known, owed.length], (name, value: unknown) =>
    name === 'requestId' ? 0 : value,
  )
}
