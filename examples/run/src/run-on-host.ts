import { remoteProcess } from '@hawse/adapter-ssh2'
import { run, type ByteSink, type ByteSource, type ProcessPort } from '@hawse/core'
import { combineLatest, filter, take } from 'rxjs'
import type { Client } from 'ssh2'
import { connect, type ConnectOptions } from './connect'
import type { Interruption } from './interruption'
import type { Report } from './report'
import type { Target } from './target'

/** What is run on each host, and how. */
export interface Work {
  readonly command: string
  readonly timeoutMs: number | undefined
  readonly connect: ConnectOptions
  /** A new input for each host. */
  readonly input: (() => ByteSource) | undefined
  readonly interruption: Interruption
}

/** Where the outputs of a host go. */
export interface HostOutputs {
  readonly stdout: ByteSink
  readonly stderr: ByteSink
}

/** Hears how far a host is. */
export type OnPhase = (phase: 'connecting' | 'running') => void

/** Connects, runs, and tells what became of it. Never rejects. */
export async function runOnHost(
  target: Target,
  work: Work,
  outputs: HostOutputs,
  onPhase: OnPhase,
): Promise<Report> {
  const startedMs = performance.now()
  const report = (rest: Pick<Report, 'outcome'> & Partial<Report>): Report => ({
    ...{ target, isTimedOut: false, outputBytes: 0 },
    durationMs: performance.now() - startedMs,
    ...rest,
  })
  if (work.interruption.begun.aborted) return report({ outcome: { kind: 'skipped' } })
  onPhase('connecting')
  const client = await connect(target, work.connect, work.interruption.begun)
  if ('kind' in client) return report({ outcome: client })
  onPhase('running')
  const { outcome, endedBy, traffic } = await runOn(client, work, outputs)
  client.end()
  const outputBytes = traffic.stdoutBytes + traffic.stderrBytes
  return report({ outcome, isTimedOut: endedBy === 'timeout', outputBytes })
}

/** Milliseconds from TERM to KILL, and from there until the connection is given up, once the user is impatient. */
const endingDelays = { killDelayMs: 2_000, releaseDelayMs: 1_000 }

function runOn(
  client: Client,
  { command, timeoutMs, input, interruption }: Work,
  { stdout, stderr }: HostOutputs,
) {
  const process = remoteProcess(client, { command })
  interruptOnce(process, interruption)
  return run(process, {
    ...{ stdout, stderr, ...endingDelays, shouldReject: false, signal: interruption.ending },
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
    ...(input === undefined ? {} : { input: input() }),
  })
}

/** Sends SIGINT as soon as the user wants an end and the program runs, whichever comes last. */
function interruptOnce(process: ProcessPort, { urgency$ }: Interruption): void {
  const started$ = process.event$.pipe(filter(({ type }) => type === 'process.started'))
  const wanted$ = urgency$.pipe(filter((urgency) => urgency > 0))
  combineLatest([started$, wanted$])
    .pipe(take(1))
    .subscribe(() => process.perform({ type: 'process.signal', signal: 'INT' }))
}
