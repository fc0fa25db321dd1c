import { exited } from '../../src/ports/exit-outcome'
import type { SessionEvent } from '../../src/session/session-event'
import { defaultSettings, type SessionSettings } from '../../src/session/session-settings'
import {
  initialSessionState,
  type SessionPhase,
  type SessionState,
} from '../../src/session/session-state'
import { sessionTransition } from '../../src/session/session-transition'

/** The request that starts a program in the samples; its reply is owed. */
export const execRequested: SessionEvent = {
  type: 'channel.requested',
  requestId: 1,
  request: { name: 'exec', command: 'cat', commandBytes: Uint8Array.of(99, 97, 116) },
  wantsReply: true,
}

/** A process with both outputs and no terminal. */
export const started: SessionEvent = {
  type: 'process.started',
  outputs: ['stdout', 'stderr'],
  isTerminal: false,
}

const accepted: SessionEvent = { type: 'program.accepted' }
const closeReceived: SessionEvent = { type: 'channel.closeReceived' }
const exit: SessionEvent = { type: 'process.exited', outcome: exited(3) }
const toRunning = [execRequested, accepted, started]

/** The events that lead from an open channel to each phase. */
export const wayTo: Readonly<Record<SessionPhase, readonly SessionEvent[]>> = {
  waiting: [],
  deciding: [execRequested],
  refusing: [execRequested, { type: 'program.refused', reason: 'no' }],
  starting: [execRequested, accepted],
  running: toRunning,
  draining: [...toRunning, exit],
  abandoned: [...toRunning, closeReceived],
  leaving: [...toRunning, { type: 'session.loseConnection', reason: 'given up' }],
  orphaned: [...toRunning, { type: 'channel.lost', reason: 'reset' }],
  closing: [
    ...toRunning,
    { type: 'process.outputEnded', output: 'stdout' },
    { type: 'process.outputEnded', output: 'stderr' },
    exit,
  ],
  ended: [{ type: 'channel.lost', reason: 'reset' }],
}

/** The state after these events, by the real machine. */
export function stateAfter(
  events: readonly SessionEvent[],
  settings: Partial<SessionSettings> = {},
): SessionState {
  const initial: SessionState = initialSessionState({ ...defaultSettings, ...settings })
  return events.reduce<SessionState>((state, event) => sessionTransition(state, event)[0], initial)
}

/** A reachable state in each phase. */
export function sampleState(
  phase: SessionPhase,
  settings: Partial<SessionSettings> = {},
): SessionState {
  return stateAfter(wayTo[phase], settings)
}

/** Every phase, in the order of a session's life. */
export const phases = Object.keys(wayTo) as readonly SessionPhase[]
