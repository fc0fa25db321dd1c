import { pop } from '../channel/queue'
import type { SessionCommand } from './session-command'
import type { SessionEvent } from './session-event'
import type { SessionState, SessionStep } from './session-state'
import { sessionTable } from './session-table'

/**
 * One step of the session machine: looks the rule up and applies it; once the program runs, what was deferred
 * while it did not is applied in order.
 *
 * Pure. Never throws. An illegal event changes nothing; `isIllegal` tells.
 */
export function sessionTransition(state: SessionState, event: SessionEvent): SessionStep {
  let [current, commands] = applyRule(state, event)
  for (;;) {
    const taken = current.phase === 'running' ? pop(current.deferred) : undefined
    if (current.phase !== 'running' || taken === undefined) return [current, commands]
    const [deferred, rest] = taken
    const [next, more] = applyRule({ ...current, deferred: rest }, deferred)
    current = next
    commands = [...commands, ...more]
  }
}

/** Whether an event cannot happen in a phase: whoever reported it broke the contract of its port. */
export function isIllegal(state: SessionState, event: SessionEvent): boolean {
  return sessionTable[state.phase][event.type] === 'illegal'
}

function applyRule(state: SessionState, event: SessionEvent): SessionStep {
  // The table pairs each cell with its phase and event type; TypeScript cannot follow the correlation.
  const rule = sessionTable[state.phase][event.type] as
    | ((
        state: SessionState,
        event: SessionEvent,
      ) => readonly [SessionState, readonly SessionCommand[]])
    | 'ignore'
    | 'illegal'
  return typeof rule === 'function' ? rule(state, event) : [state, []]
}
