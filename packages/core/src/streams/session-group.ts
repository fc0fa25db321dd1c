import { asyncScheduler, filter, Subscription, timer, type SchedulerLike } from 'rxjs'
import type { Session } from './run-session'
import { sessionLog } from './session-log'
import { checkDelay } from './session-options'
import { seconds } from './time-limits'

/** Sessions that are ended together: those of a server, or of a connection. Leaving its scope closes it. */
export interface SessionGroup extends AsyncDisposable {
  /** Sessions that have not ended. */
  readonly size: number
  /** Whether `close` was called. */
  readonly isClosing: boolean
  /** Keeps a session until it has ended. One that comes after `close` is ended at once, and its client told why. */
  add(session: Session): void
  /**
   * Refuses sessions that come later; warns those there are, where there is a time of grace; hangs up what is left
   * after it. From then on each session's own delays apply: terminate, kill. Resolves when all have ended, or at the
   * limit. Called again, it can shorten the grace, and gives the same report. Rejects with `INVALID_ARGUMENT` for times that
   * cannot be waited for.
   */
  close(closing?: SessionGroupClosing): Promise<SessionGroupReport>
}

/** Choices for a group. */
export interface SessionGroupOptions {
  /** The clock: an RxJS scheduler; real time by default. */
  readonly scheduler?: SchedulerLike
}

/** How a group is closed. */
export interface SessionGroupClosing {
  /** How long sessions may go on before they are hung up, in milliseconds; 0 by default. */
  readonly graceMs?: number
  /** How long after that the report waits for those that do not end, in milliseconds; by default as long as they take. */
  readonly limitMs?: number
  /** One line for users, on stderr: with the time that is left as a warning, and when they are hung up. */
  readonly reason?: string
}

/** What became of the sessions of a group that was closed. */
export interface SessionGroupReport {
  /** Ended before they were hung up. */
  readonly endedByThemselves: number
  /** Were told to end, and did at SIGHUP or without a program to signal. */
  readonly hungUp: number
  /** Ended after SIGTERM. */
  readonly terminated: number
  /** Ended after SIGKILL. */
  readonly killed: number
  /** Came after the group was closed. */
  readonly refused: number
  /** Had not ended at the limit; each is in no other number. */
  readonly left: number
}

/** Makes an empty group. */
export function sessionGroup(options: SessionGroupOptions = {}): SessionGroup {
  const members = new Map<Session, Fate>()
  let ending: GroupEnding | undefined
  const close = async (closing: SessionGroupClosing = {}): Promise<SessionGroupReport> => {
    checkDelay('graceMs', closing.graceMs ?? 0)
    checkDelay('limitMs', closing.limitMs ?? 0)
    ending ??= new GroupEnding(members, options.scheduler ?? asyncScheduler)
    ending.begin(closing)
    return ending.report
  }
  return {
    get size() {
      return members.size
    },
    get isClosing() {
      return ending !== undefined
    },
    add: (session) => {
      members.set(session, 'endedByThemselves')
      void session.outcome.then(() => {
        ending?.note(session)
        members.delete(session)
        ending?.reportIfDone()
      })
      ending?.refuse(session)
    },
    close,
    [Symbol.asyncDispose]: async () => {
      await close()
    },
  }
}

/** What happened to a session so far, as the report will count it once it has ended. */
type Fate = Exclude<keyof SessionGroupReport, 'left'>

/** The end of a group, from the first `close` to its report. */
class GroupEnding {
  readonly report: Promise<SessionGroupReport>
  readonly #members: Map<Session, Fate>
  readonly #scheduler: SchedulerLike
  readonly #timers = new Subscription()
  readonly #counts = { endedByThemselves: 0, hungUp: 0, terminated: 0, killed: 0, refused: 0 }
  #settle: (report: SessionGroupReport) => void = () => undefined
  #hangUpAtMs = Number.POSITIVE_INFINITY
  #hasHungUp = false
  #reason = 'this server is shutting down'
  #limitMs: number | undefined

  constructor(members: Map<Session, Fate>, scheduler: SchedulerLike) {
    this.#members = members
    this.#scheduler = scheduler
    this.report = new Promise((resolve) => (this.#settle = resolve))
  }

  begin({ graceMs = 0, limitMs, reason }: SessionGroupClosing): void {
    const hangUpAtMs = this.#scheduler.now() + graceMs
    if (this.#hasHungUp || hangUpAtMs >= this.#hangUpAtMs) return
    this.#hangUpAtMs = hangUpAtMs
    this.#reason = reason ?? this.#reason
    this.#limitMs = limitMs
    this.reportIfDone()
    if (graceMs === 0) return this.#hangUp()
    const warning = `${this.#reason}; this session ends in ${seconds(graceMs)}`
    for (const session of this.#members.keys()) session.warn(warning)
    this.#after(graceMs, () => this.#hangUp())
  }

  refuse(session: Session): void {
    this.#members.set(session, 'refused')
    void session.close(this.#reason)
  }

  /** Counts a session that has ended. */
  note(session: Session): void {
    const fate = this.#members.get(session)
    if (fate !== undefined) this.#counts[fate] += 1
  }

  reportIfDone(): void {
    if (this.#members.size === 0) this.#tell()
  }

  #hangUp(): void {
    if (this.#hasHungUp) return
    this.#hasHungUp = true
    for (const [session, fate] of this.#members) {
      if (fate !== 'refused') this.#hangUpOne(session)
    }
    if (this.#limitMs !== undefined) this.#after(this.#limitMs, () => this.#tell())
  }

  #hangUpOne(session: Session): void {
    this.#members.set(session, 'hungUp')
    const signals = sessionLog(session).pipe(filter((entry) => entry.type === 'signaled'))
    signals.subscribe(({ signal, isByClient }) => {
      if (isByClient) return
      if (signal === 'TERM') this.#members.set(session, 'terminated')
      if (signal === 'KILL') this.#members.set(session, 'killed')
    })
    void session.close(this.#reason)
  }

  #after(delayMs: number, act: () => void): void {
    this.#timers.add(timer(delayMs, this.#scheduler).subscribe(act))
  }

  #tell(): void {
    this.#timers.unsubscribe()
    this.#settle({ ...this.#counts, left: this.#members.size })
  }
}
