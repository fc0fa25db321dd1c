import { Subscription, timer, type SchedulerLike } from 'rxjs'
import type { ProcessPort } from '../ports/process-port'

/** How a process is ended that does not end by itself. */
export interface EndingDelays {
  /** Signal that asks the process to end, without `SIG`; `TERM` by default. */
  readonly endSignal?: string
  /** Milliseconds from that signal to KILL; 5000 by default. */
  readonly killDelayMs?: number
  /**
   * Milliseconds from KILL, or from the exit, to the moment when outputs that are still open, because another process
   * holds them or a reader has stalled, are freed by `process.disconnect`; as many again later nothing is waited for
   * any more. 1000 by default.
   */
  readonly releaseDelayMs?: number
  /** The clock; that of RxJS by default. */
  readonly scheduler?: SchedulerLike
}

/** The last steps of an ending. */
export interface EndingListener {
  /** The process was disconnected: what waits for its readers can be given up. */
  readonly released: () => void
  /** Not even that helped: its end will not be told. */
  readonly givenUp: () => void
}

/** An ending that may have begun. */
export interface Ending {
  /** Begins: the signal, then KILL, then `process.disconnect`, each after its delay. Once; later calls do nothing. */
  begin(): void
  /** The process has exited: only its outputs may be open. */
  noteExit(): void
  /** It is over: nothing more happens. */
  stop(): void
}

/** Prepares the ending of a process. */
export function endingOf(
  process: ProcessPort,
  { endSignal = 'TERM', killDelayMs = 5000, releaseDelayMs = 1000, scheduler }: EndingDelays,
  { released, givenUp }: EndingListener,
): Ending {
  let phase: 'idle' | 'ending' | 'exited' | 'over' = 'idle'
  let waiting = Subscription.EMPTY
  const after = (delayMs: number, act: () => void): void => {
    waiting.unsubscribe()
    waiting = timer(delayMs, scheduler).subscribe(act)
  }
  const release = (): void => {
    after(releaseDelayMs, givenUp)
    released()
    process.perform({ type: 'process.disconnect' })
  }
  const kill = (): void => {
    after(releaseDelayMs, release)
    process.perform({ type: 'process.signal', signal: 'KILL' })
  }
  return {
    begin: () => {
      if (phase === 'exited') after(releaseDelayMs, release)
      if (phase === 'idle') {
        phase = 'ending'
        after(killDelayMs, kill)
        process.perform({ type: 'process.signal', signal: endSignal })
      }
    },
    noteExit: () => {
      if (phase === 'ending') after(releaseDelayMs, release)
      phase = 'exited'
    },
    stop: () => {
      phase = 'over'
      waiting.unsubscribe()
    },
  }
}
