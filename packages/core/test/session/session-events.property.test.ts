import { describe, expect, it } from '@jest/globals'
import * as fc from 'fast-check'
import { exited, lost, signaled, unreported } from '../../src/ports/exit-outcome'
import type { SessionEvent } from '../../src/session/session-event'
import { defaultSettings, type SessionSettings } from '../../src/session/session-settings'
import { initialSessionState, type SessionState } from '../../src/session/session-state'
import { checkedSessionStep, silentSession, type HeardOfSession } from './session-observer'
import { requested, sampleRequests } from './sample-requests'

const bytes = fc.uint8Array({ maxLength: 20 })
const output = fc.constantFrom('stdout' as const, 'stderr' as const)
const byteCount = fc.nat(40)
const reason = fc.constantFrom('', 'a reason', 'two\r\nlines')

/** Any event at all, in any order: also those that no port may tell. */
const event: fc.Arbitrary<SessionEvent> = fc.oneof(
  fc
    .tuple(fc.constantFrom(...Object.values(sampleRequests)), fc.boolean())
    .map(([request, wantsReply]) => requested(request, wantsReply)),
  fc.record({ type: fc.constant('channel.replied' as const), isSuccess: fc.boolean() }),
  fc.record({
    type: fc.constantFrom('channel.dataReceived' as const, 'session.write' as const),
    bytes,
  }),
  fc.record({
    type: fc.constant('channel.extendedDataReceived' as const),
    dataType: fc.nat(3),
    bytes,
  }),
  fc.record({
    type: fc.constantFrom(
      'channel.discarded' as const,
      'channel.written' as const,
      'channel.dropped' as const,
      'process.inputWritten' as const,
    ),
    byteCount,
  }),
  fc.record({
    type: fc.constantFrom(
      'channel.eofReceived' as const,
      'channel.closeReceived' as const,
      'channel.closed' as const,
      'program.accepted' as const,
      'process.inputClosed' as const,
      'producer.unregistered' as const,
    ),
  }),
  fc.record({
    type: fc.constantFrom(
      'channel.lost' as const,
      'program.refused' as const,
      'session.loseConnection' as const,
    ),
    reason,
  }),
  fc.record({ type: fc.constant('program.failed' as const), reason, message: reason }),
  fc.record({ type: fc.constant('session.warn' as const), message: reason }),
  fc.record({
    type: fc.constant('session.end' as const),
    endedBy: fc.constantFrom('timeout' as const, 'policy' as const, 'failed' as const),
    reason,
  }),
  fc.record({
    type: fc.constant('process.started' as const),
    outputs: fc.subarray(['stdout' as const, 'stderr' as const]),
    isTerminal: fc.boolean(),
  }),
  fc.record({
    type: fc.constant('process.startFailed' as const),
    failure: fc.constantFrom('notFound' as const, 'noResources' as const),
    message: reason,
  }),
  fc.record({ type: fc.constant('process.output' as const), output, bytes }),
  fc.record({ type: fc.constant('process.outputEnded' as const), output }),
  fc.record({
    type: fc.constant('process.exited' as const),
    outcome: fc.constantFrom(exited(0), signaled('BUS'), unreported('unknown'), lost('gone')),
  }),
  fc.record({
    type: fc.constant('timer.expired' as const),
    timer: fc.constantFrom(
      'drain' as const,
      'terminate' as const,
      'kill' as const,
      'close' as const,
    ),
  }),
  fc.record({
    type: fc.constant('producer.registered' as const),
    kind: fc.constantFrom('push' as const, 'pull' as const),
  }),
)

const settings: fc.Arbitrary<SessionSettings> = fc
  .record({
    onDisconnect: fc.constantFrom('sshd' as const, 'hangUp' as const, 'terminate' as const),
    signalReport: fc.constantFrom('exit-signal' as const, 'exit-status' as const),
    terminalEof: fc.constantFrom('ignore' as const, 'sendVeof' as const),
    drainTimeoutMs: fc.constantFrom(null, 100),
    acceptsTerminal: fc.boolean(),
    acceptsX11: fc.boolean(),
    outputHighWaterMarkBytes: fc.integer({ min: 1, max: 60 }),
    peerSoftware: fc.constantFrom('', 'OpenSSH_9.2'),
  })
  .map((chosen) => ({ ...defaultSettings, outputLowWaterMarkBytes: 0, ...chosen }))

describe('the session machine, told anything in any order', () => {
  it('never throws, and keeps every promise at each step', () => {
    const property = fc.property(fc.array(event, { maxLength: 80 }), settings, (events, chosen) => {
      let state: SessionState = initialSessionState(chosen)
      let heard: HeardOfSession = silentSession
      for (const next of events) [state, heard] = checkedSessionStep(state, next, heard)
    })
    expect(() => fc.assert(property, { numRuns: 1000 })).not.toThrow()
  })
})
