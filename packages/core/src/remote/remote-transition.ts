import { pop } from '../channel/queue'
import type { RemoteInput, RemoteOutput } from './remote-event'
import { openOutputs } from './remote-output'
import { over, type RemoteState, type RemoteStep } from './remote-state'
import { remoteTable } from './remote-table'

/**
 * One step of the remote process machine: looks the rule up and applies it; once the program runs, what was deferred
 * is applied in order; once everything is told, the channel is closed.
 *
 * Pure. Never throws. An illegal input changes nothing; `isIllegalRemote` tells.
 */
export function remoteTransition(state: RemoteState, input: RemoteInput): RemoteStep {
  const step = applyAll(state, input)
  return hasEnded(state) || !hasEnded(step[0]) ? step : [step[0], [...step[1], ended]]
}

/** Whether an input cannot happen in a phase: whoever gave it broke a contract. */
export function isIllegalRemote(state: RemoteState, input: RemoteInput): boolean {
  return remoteTable[state.phase][input.type] === 'illegal'
}

function applyAll(state: RemoteState, input: RemoteInput): RemoteStep {
  let [current, said] = settle(applyRule(state, input))
  for (;;) {
    const taken = current.phase === 'running' ? pop(current.deferred) : undefined
    if (current.phase !== 'running' || taken === undefined) return [current, said]
    const [command, deferred] = taken
    const [next, more] = settle(applyRule({ ...current, deferred }, command))
    current = next
    said = [...said, ...more]
  }
}

function applyRule(state: RemoteState, input: RemoteInput): RemoteStep {
  // The table pairs each cell with its phase and input type; TypeScript cannot follow the correlation.
  const rule = remoteTable[state.phase][input.type] as
    ((state: RemoteState, input: RemoteInput) => RemoteStep) | 'ignore' | 'illegal'
  return typeof rule === 'function' ? rule(state, input) : [state, []]
}

const ended: RemoteOutput = { type: 'remote.ended' }

/** Whether all is told of the process, be there a channel or not. */
function hasEnded({ phase }: RemoteState): boolean {
  return phase === 'abandoned' || phase === 'over'
}

/** A program whose exit and outputs are told is over, whether or not its server thinks of closing. */
function settle(step: RemoteStep): RemoteStep {
  const [state, said] = step
  if (state.phase !== 'running' && state.phase !== 'draining') return step
  if (state.exit === null || openOutputs(state.outputs).length > 0) return step
  const close: readonly RemoteOutput[] =
    state.phase === 'running' ? [{ type: 'channel.close' }] : []
  return [over, [...said, ...close]]
}
