import type { SchedulerLike } from 'rxjs'
import { HawseError } from '../errors/hawse-error'
import type { AbortSignalLike } from '../platform/abort'
import type { SessionCommand } from '../session/session-command'
import type { SessionEvent } from '../session/session-event'
import { defaultSettings, type SessionSettings } from '../session/session-settings'
import type { SessionState } from '../session/session-state'
import type { TimeLimits } from './time-limits'

/** Choices for one session; whatever is left out is as sshd does. */
export interface SessionOptions extends Partial<Omit<SessionSettings, 'peerSoftware'>> {
  /** Limits on idle time and on length; none by default. */
  readonly timeLimits?: TimeLimits
  /** Longest command of an `exec` request, in bytes; a longer one is refused. What the transport carries by default. */
  readonly maximumCommandBytes?: number
  /** Aborting it ends the session: hang up, terminate, kill. */
  readonly signal?: AbortSignalLike
  /**
   * Sees every step, for logs, metrics and recordings. It is called in line: it must be quick, and bytes it sees
   * must not be changed; they may be kept. If it throws, it is called no more and the session ends.
   */
  readonly tap?: (step: SessionStepRecord) => void
  /** The clock: an RxJS scheduler; real time by default. */
  readonly scheduler?: SchedulerLike
}

/** One step of the session machine, as a tap sees it. */
export interface SessionStepRecord {
  readonly event: SessionEvent
  /** The state after the event. */
  readonly state: SessionState
  readonly commands: readonly SessionCommand[]
  /** Whether a port broke its contract; the event changed nothing. */
  readonly isIllegal: boolean
}

/**
 * The settings of the machine for these options.
 *
 * Throws `INVALID_ARGUMENT` for values that cannot work.
 */
export function settingsFrom(options: SessionOptions, peerSoftware: string): SessionSettings {
  const {
    timeLimits: _timeLimits,
    signal: _signal,
    maximumCommandBytes: _maximumCommandBytes,
    tap: _tap,
    scheduler: _scheduler,
    ...chosen
  } = options
  const settings: SessionSettings = { ...defaultSettings, ...chosen, peerSoftware }
  checkDelay('terminateDelayMs', settings.terminateDelayMs)
  checkDelay('killDelayMs', settings.killDelayMs)
  if (settings.drainTimeoutMs !== null) checkDelay('drainTimeoutMs', settings.drainTimeoutMs)
  checkWaterMarks(settings)
  return settings
}

/** Throws `INVALID_ARGUMENT` for a delay that cannot be waited for. */
export function checkDelay(name: string, value: number): void {
  if (Number.isFinite(value) && value >= 0) return
  throw new HawseError(
    'INVALID_ARGUMENT',
    `${name} is ${String(value)}; expected milliseconds, 0 or more`,
  )
}

function checkWaterMarks(settings: SessionSettings): void {
  const { outputHighWaterMarkBytes: high, outputLowWaterMarkBytes: low } = settings
  if (Number.isFinite(high) && low >= 0 && low < high) return
  throw new HawseError(
    'INVALID_ARGUMENT',
    `outputLowWaterMarkBytes (${String(low)}) must be below outputHighWaterMarkBytes (${String(high)}), both in bytes, 0 or more`,
  )
}
