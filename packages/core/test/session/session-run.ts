import type { SessionEvent } from '../../src/session/session-event'
import { defaultSettings, type SessionSettings } from '../../src/session/session-settings'
import { initialSessionState, type SessionState } from '../../src/session/session-state'
import { sessionTransition } from '../../src/session/session-transition'
import { describeCommand } from './describe-step'

/** What a machine said to a list of events. */
export interface SessionRun {
  readonly state: SessionState
  /** All commands in words, in order. */
  readonly said: readonly string[]
  /** The commands of the last event only. */
  readonly saidLast: readonly string[]
}

/** Runs the session machine through these events. */
export function runMachine(
  events: readonly SessionEvent[],
  settings: Partial<SessionSettings> = {},
): SessionRun {
  const said: string[] = []
  let saidLast: readonly string[] = []
  let state: SessionState = initialSessionState({ ...defaultSettings, ...settings })
  for (const event of events) {
    const [next, commands] = sessionTransition(state, event)
    state = next
    saidLast = commands.map(describeCommand)
    said.push(...saidLast)
  }
  return { state, said, saidLast }
}

/** How the session ended; throws where it has not. */
export function outcomeOf({ state }: SessionRun) {
  if (state.phase !== 'ended') throw new Error(`the session is ${state.phase}, expected ended`)
  return state.outcome
}
