import { toArray } from '../channel/queue'
import type { ExitOutcome } from '../ports/exit-outcome'
import { exitReport } from './exit-report'
import { countDropped, flushInput, releaseHeld } from './input-flow'
import { dropOutput } from './output-flow'
import type { SessionCommand } from './session-command'
import type { TimerName } from './session-event'
import type { Ending } from './session-outcome'
import {
  commonOf,
  type Abandoned,
  type Closing,
  type Common,
  type Ended,
  type Leaving,
  type Live,
  type Orphaned,
  type StateIn,
} from './session-state'

type StepTo<Phase extends Live['phase'] | 'ended'> = readonly [
  StateIn<Phase>,
  readonly SessionCommand[],
]

/** The process is gone, or there never was one: close, and wait for the client's CLOSE. */
export function close(
  state: Common,
  exit: ExitOutcome | null,
  ending: Ending,
  isOutputTruncated = false,
): StepTo<'closing'> {
  const closing: Closing = {
    ...withoutProducer(state),
    phase: 'closing',
    exit,
    ending,
    isOutputTruncated,
  }
  return [closing, [{ type: 'channel.close' }, ...stopProducer(state)]]
}

/** Nothing can happen any more. */
export function end(
  state: Common,
  exit: ExitOutcome | null,
  ending: Ending,
  isOutputTruncated = false,
): StepTo<'ended'> {
  const { traffic } = dropUntaken(countDropped(state, deferredBytes(state)))
  const outcome = { ...ending, exit, isOutputTruncated, traffic }
  const ended: Ended = { phase: 'ended', outcome }
  return [ended, [...stopProducer(state), { type: 'session.ended', outcome }]]
}

/** The client has closed: free the process, and owe it report and CLOSE. */
export function abandon(state: Common, ending: Ending): StepTo<'abandoned'> {
  const [flushed, writes] = flushInput(withoutProducer(state))
  const abandoned: Abandoned = { ...flushed, phase: 'abandoned', ending }
  return [abandoned, [...writes, ...letGo, ...firstSignal(state), ...stopProducer(state)]]
}

/** We close while the process lives: free it. */
export function leave(state: Common, ending: Ending): StepTo<'leaving'> {
  const [flushed, writes] = flushInput(withoutProducer(state))
  const leaving: Leaving = { ...flushed, phase: 'leaving', ending }
  const freed = [...writes, ...letGo, ...firstSignal(state), ...stopProducer(state)]
  return [leaving, [{ type: 'channel.close' }, ...freed]]
}

/** The connection is gone: free the process at once; nobody reads what it still has to say. */
export function orphan(state: Common, ending: Ending): StepTo<'orphaned'> {
  const common = releaseHeld(dropUntaken(withoutProducer(state)))
  const orphaned: Orphaned = { ...common, phase: 'orphaned', ending }
  return [orphaned, [disconnectProcess, ...firstSignal(state), ...stopProducer(state)]]
}

/** Asks the process to end, however long it takes: hang up now, terminate and kill after their delays. */
export function escalate(state: Common): readonly SessionCommand[] {
  return [signalProcess('HUP'), startTimer('terminate', state.settings.terminateDelayMs)]
}

/** What a timer of the escalation does when it expires. */
export function escalateFurther(state: Common, timer: TimerName): readonly SessionCommand[] {
  switch (timer) {
    case 'terminate':
      return [signalProcess('TERM'), startTimer('kill', state.settings.killDelayMs)]
    case 'kill':
      return [signalProcess('KILL')]
    case 'close':
      return [dropAllPending]
    case 'drain':
    case 'refuse':
      // Left over from an earlier phase.
      return []
  }
}

/** A session that was ended does not wait for a client that reads nothing: its CLOSE leaves without that output. */
export function limitClosing(state: Common): SessionCommand {
  return startTimer('close', state.settings.killDelayMs)
}

/** What the limit on closing does when it expires. */
export const dropAllPending: SessionCommand = { type: 'channel.dropPending', scope: 'all' }

/** The report of an exit, if anything is known. */
export function report(state: Common, exit: ExitOutcome): readonly SessionCommand[] {
  const request = exitReport(exit, state.settings)
  return request === null ? [] : [{ type: 'channel.sendRequest', request, wantsReply: false }]
}

/** Input that is queued still reaches the process; its outputs are closed, so that a writer gets SIGPIPE. */
export const letGo: readonly SessionCommand[] = [
  { type: 'process.closeInput' },
  { type: 'process.closeOutput', output: 'stdout' },
  { type: 'process.closeOutput', output: 'stderr' },
]

/** Everything of the process is freed at once. */
export const disconnectProcess: SessionCommand = { type: 'process.disconnect' }

/** What the policy sends to a process whose client is gone. */
export function firstSignal(state: Common): readonly SessionCommand[] {
  switch (state.settings.onDisconnect) {
    case 'sshd':
      return []
    case 'hangUp':
      return [signalProcess('HUP')]
    case 'terminate':
      return escalate(state)
  }
}

/** A producer whose bytes can go nowhere any more is told so at once, and once. */
function stopProducer(state: Common): readonly SessionCommand[] {
  return state.producer === 'none' ? [] : [{ type: 'producer.stop' }]
}

function withoutProducer(state: Common): Common {
  return { ...commonOf(state), producer: 'none' }
}

/** What a channel that is gone neither took nor told as dropped was dropped with it. */
function dropUntaken(state: Common): Common {
  const { unwrittenBytes } = state.output
  return dropOutput({ ...state, output: { ...state.output, unwrittenBytes: 0 } }, unwrittenBytes)
}

function signalProcess(signal: string): SessionCommand {
  return { type: 'process.signal', signal }
}

function startTimer(timer: TimerName, delayMs: number): SessionCommand {
  return { type: 'timer.start', timer, delayMs }
}

/** Input that still waits for a program that will not start. */
function deferredBytes(state: Common): number {
  return toArray(state.deferred).reduce(
    (sum, event) => sum + (event.type === 'channel.dataReceived' ? event.bytes.length : 0),
    0,
  )
}
