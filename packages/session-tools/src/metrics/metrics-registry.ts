import { Subject, type Observable, type SchedulerLike } from 'rxjs'
import type { ProcessOutcome } from '@hawse/core'
import type { StreamMetrics } from './flow-meter'
import { sessionMeter, type SessionMeter, type SessionMetrics } from './session-meter'

/** The sums over all sessions of a registry, those that run included. */
export interface MetricsTotal {
  /** Processes that were asked to start. */
  readonly startedCount: number
  /** Sessions that run now. */
  readonly runningCount: number
  /** Ends by kind of outcome; `failed` is an exit with another code than 0. */
  readonly endedCounts: Readonly<Record<EndKind, number>>
  /** Bytes and bytes in flight are sums; the high-water is the highest of one session. */
  readonly stdin: StreamMetrics
  readonly stdout: StreamMetrics
  readonly stderr: StreamMetrics
  readonly blockedOnClientMs: number
  readonly blockedOnProcessMs: number
  readonly durationMs: number
}

/** How a session ended, in one word. */
export type EndKind = 'succeeded' | 'failed' | Exclude<ProcessOutcome['kind'], 'exited'>

/** All sessions of a server, measured. It holds those that run, and sums of those that have ended. */
export interface MetricsRegistry {
  /** A meter for one session, which counts from the start of its process. */
  meter(labels?: Readonly<Record<string, string>>): SessionMeter
  /** The values now. */
  snapshot(): MetricsSnapshot
  /** The last values of each session that ends from now on. Never completes. */
  readonly ended$: Observable<SessionMetrics>
}

/** What a registry knows at one moment. */
export interface MetricsSnapshot {
  readonly running: readonly SessionMetrics[]
  readonly total: MetricsTotal
}

/** Makes a registry of measured sessions. */
export function metricsRegistry(
  options: { readonly scheduler?: SchedulerLike } = {},
): MetricsRegistry {
  const running = new Set<SessionMeter>()
  const ended = new Subject<SessionMetrics>()
  let past = nothing
  const meter = (labels: Readonly<Record<string, string>> = {}): SessionMeter => {
    const made = sessionMeter({
      ...options,
      labels,
      onStart: () => running.add(made),
      onEnd: (metrics) => {
        running.delete(made)
        past = added(past, metrics)
        ended.next(metrics)
      },
    })
    return made
  }
  const snapshot = (): MetricsSnapshot => {
    const current = [...running].map((one) => one.read())
    return { running: current, total: current.reduce(added, past) }
  }
  return { meter, snapshot, ended$: ended.asObservable() }
}

/** The kind of an outcome, for counting. */
export function endKindOf(outcome: ProcessOutcome): EndKind {
  if (outcome.kind !== 'exited') return outcome.kind
  return outcome.code === 0 ? 'succeeded' : 'failed'
}

const noBytes: StreamMetrics = { bytes: 0, inFlightBytes: 0, highWaterBytes: 0 }
const noEnds = { succeeded: 0, failed: 0, signaled: 0, unreported: 0, lost: 0, notStarted: 0 }
const nothing: MetricsTotal = {
  startedCount: 0,
  runningCount: 0,
  endedCounts: noEnds,
  stdin: noBytes,
  stdout: noBytes,
  stderr: noBytes,
  blockedOnClientMs: 0,
  blockedOnProcessMs: 0,
  durationMs: 0,
}

function added(total: MetricsTotal, session: SessionMetrics): MetricsTotal {
  const { outcome } = session
  const kind = outcome && endKindOf(outcome)
  const { endedCounts } = total
  return {
    startedCount: total.startedCount + 1,
    runningCount: total.runningCount + (kind === undefined ? 1 : 0),
    endedCounts: kind ? { ...endedCounts, [kind]: endedCounts[kind] + 1 } : endedCounts,
    stdin: addedStream(total.stdin, session.stdin),
    stdout: addedStream(total.stdout, session.stdout),
    stderr: addedStream(total.stderr, session.stderr),
    blockedOnClientMs: total.blockedOnClientMs + session.blockedOnClientMs,
    blockedOnProcessMs: total.blockedOnProcessMs + session.blockedOnProcessMs,
    durationMs: total.durationMs + session.durationMs,
  }
}

function addedStream(total: StreamMetrics, stream: StreamMetrics): StreamMetrics {
  return {
    bytes: total.bytes + stream.bytes,
    inFlightBytes: total.inFlightBytes + stream.inFlightBytes,
    highWaterBytes: Math.max(total.highWaterBytes, stream.highWaterBytes),
  }
}
