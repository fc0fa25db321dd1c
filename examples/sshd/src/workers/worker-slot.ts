import { StartError } from '@hawse/example-kit'
import type { LogEntry, WorkerEntry } from '../log'
import type { NumberingStart } from '../numbering'
import type { ServerPlan } from '../server-plan'
import { endOrphans } from './orphaned-programs'
import { createRestartDelay } from './restart-delay'
import type { ProgramMark, WorkerMessage, WorkerServiceMessage } from './worker-messages'
import { forkWorker, type WorkerEnd, type WorkerProcess } from './worker-process'

/** What a slot needs to know, and whom it tells. */
export interface SlotSettings {
  /** Its number, from 1. */
  readonly worker: number
  /** Slots in all. */
  readonly workers: number
  /** The program of a worker. */
  readonly file: string
  readonly plan: ServerPlan
  readonly log: (entry: WorkerEntry) => void
  readonly onMessage: (message: WorkerServiceMessage, worker: number) => void
  /** A worker can be given connections. */
  readonly onReady: () => void
  /** A worker is gone; returns how many connections it had. */
  readonly onEnded: (gone: WorkerProcess) => number
}

/** A place for one worker after the other: one that ends is replaced, until the place is closed. */
export class WorkerSlot {
  /** Resolves when the first worker is ready; rejects with a `StartError` where it ends before. */
  readonly started: Promise<void>
  readonly #settings: SlotSettings
  readonly #nextDelayMs = createRestartDelay()
  readonly #orphans = new Set<Promise<void>>()
  #numbering: NumberingStart
  #current: Running | undefined
  /** `starting` until the first worker was ready, `closing` when no more is to be started. */
  #phase: 'starting' | 'serving' | 'closing' = 'starting'
  #restart: NodeJS.Timeout | undefined
  #settleStart: (error?: StartError) => void = () => undefined

  constructor(settings: SlotSettings) {
    const { worker, workers } = settings
    this.#settings = settings
    this.#numbering = { firstConnection: worker, firstSession: worker, step: workers }
    this.started = new Promise((resolve, reject) => {
      this.#settleStart = (error) => (error === undefined ? resolve() : reject(error))
    })
    this.#start()
  }

  /** The worker that can be given connections, if there is one now. */
  get ready(): WorkerProcess | undefined {
    return this.#current?.phase === 'ready' ? this.#current.process : undefined
  }

  /** Whether a worker runs, ready or not. */
  get isRunning(): boolean {
    return this.#current !== undefined
  }

  /** Ends the worker, its sessions after the time of grace; resolves when it has ended, and all programs it left. */
  async close(graceMs: number): Promise<void> {
    this.#stopRestarts()
    const running = this.#current
    running?.process.send({ type: 'close', graceMs })
    await running?.process.ended
    await Promise.all(this.#orphans)
  }

  /** Ends the worker at once, and for good. */
  kill(): void {
    this.#stopRestarts()
    this.#current?.process.kill()
  }

  #stopRestarts(): void {
    this.#phase = 'closing'
    clearTimeout(this.#restart)
  }

  #start(): void {
    const { file, plan } = this.#settings
    const process = forkWorker(file, (message) => this.#hear(message, running))
    const running: Running = { process, phase: 'starting', programs: new Map() }
    const startedAtMs = performance.now()
    this.#current = running
    process.send({ type: 'start', plan, numbering: this.#numbering })
    void process.ended.then((end) => this.#ended(running, end, performance.now() - startedAtMs))
  }

  #hear(message: WorkerMessage, running: Running): void {
    switch (message.type) {
      case 'ready':
        return this.#ready(running)
      case 'finished':
        running.phase = 'finished'
        return
      case 'programStarted':
        return void running.programs.set(message.program.processId, message.program)
      case 'programEnded':
        return void running.programs.delete(message.processId)
      default:
        if (message.type === 'log') this.#numbering = numberingAfter(this.#numbering, message.entry)
        return this.#settings.onMessage(message, this.#settings.worker)
    }
  }

  #ready(running: Running): void {
    const { worker, log, onReady } = this.#settings
    const { processId = 0 } = running.process
    running.phase = 'ready'
    if (this.#phase === 'starting') this.#phase = 'serving'
    log({ event: 'worker.started', worker, processId })
    this.#settleStart()
    onReady()
  }

  #ended(running: Running, end: WorkerEnd, livedMs: number): void {
    const { worker, log, onEnded } = this.#settings
    this.#current = undefined
    const connections = onEnded(running.process)
    if (running.phase !== 'finished') this.#endPrograms([...running.programs.values()])
    const restart = this.#phase === 'serving' ? { replacedInMs: this.#nextDelayMs(livedMs) } : {}
    const programs = running.programs.size
    log({ event: 'worker.ended', worker, ...end, connections, programs, ...restart })
    if (this.#phase === 'starting') return this.#failStart(end)
    if (restart.replacedInMs === undefined) return
    this.#restart = setTimeout(() => this.#start(), restart.replacedInMs)
  }

  #endPrograms(programs: readonly ProgramMark[]): void {
    const ending = endOrphans(programs, this.#settings.plan.options.onDisconnect)
    this.#orphans.add(ending)
    void ending.finally(() => this.#orphans.delete(ending))
  }

  #failStart({ exitCode, exitSignal }: WorkerEnd): void {
    const { worker } = this.#settings
    const how = exitSignal ?? (exitCode === undefined ? 'no process left' : `code ${exitCode}`)
    this.#stopRestarts()
    this.#settleStart(new StartError(`worker ${worker} ended before it could serve (${how})`))
  }
}

interface Running {
  readonly process: WorkerProcess
  phase: 'starting' | 'ready' | 'finished'
  /** Programs that run, by process id. */
  readonly programs: Map<number, ProgramMark>
}

/** Numbers that the next worker of a slot can begin with: none that the log has seen. */
function numberingAfter(numbering: NumberingStart, entry: LogEntry): NumberingStart {
  const { firstConnection, firstSession, step } = numbering
  const connection = 'connection' in entry ? entry.connection + step : firstConnection
  const session = 'session' in entry ? entry.session + step : firstSession
  return {
    firstConnection: Math.max(firstConnection, connection),
    firstSession: Math.max(firstSession, session),
    step,
  }
}
