import {
  asyncScheduler,
  BehaviorSubject,
  Subject,
  Subscription,
  timer,
  type Observable,
} from 'rxjs'
import { HawseError, messageOf } from '../errors/hawse-error'
import { callSafely } from '../platform/call-safely'
import type { ChannelPort } from '../ports/channel-port'
import type { ProcessEvent, ProcessPort } from '../ports/process-port'
import type { SessionCommand } from '../session/session-command'
import type { SessionEvent, TimerName } from '../session/session-event'
import type { SessionOutcome } from '../session/session-outcome'
import { initialSessionState, type SessionState } from '../session/session-state'
import { isIllegal, sessionTransition } from '../session/session-transition'
import { drive, type Drive } from './drive'
import { performCommand, type OwnerCommand } from './perform-command'
import { settingsFrom, type SessionOptions, type SessionStepRecord } from './session-options'
import { watchTime, type TimeWatch } from './time-limits'
import { watchChannel } from './watch-channel'
import { watchProcess } from './watch-process'

/** How a session ended, with what only its driver knows. */
export interface SessionResult extends SessionOutcome {
  /** From the opening of the session to its end, in milliseconds. */
  readonly durationMs: number
}

/** The session machine at work between a channel, a clock, an owner and, once bound, a process. */
export class SessionDriver {
  /** Resolves once, when the session has ended; never rejects. */
  readonly outcome: Promise<SessionResult>

  readonly #options: SessionOptions
  readonly #channel: ChannelPort
  readonly #machine: Drive<SessionState, SessionEvent>
  readonly #states: BehaviorSubject<SessionState>
  readonly #steps = new Subject<SessionStepRecord>()
  readonly #commands = new Subject<SessionCommand>()
  readonly #subscriptions = new Subscription()
  readonly #openedAtMs: number
  #tap: SessionOptions['tap']
  #watch: TimeWatch | undefined
  #process: ProcessPort | undefined
  #settle: (result: SessionResult) => void = () => undefined

  /** Throws `INVALID_ARGUMENT` for options that cannot work. Nothing is listened to before `open`. */
  constructor(channel: ChannelPort, options: SessionOptions, own: (command: OwnerCommand) => void) {
    const initial = initialSessionState(settingsFrom(options, channel.peerSoftware))
    this.#channel = channel
    this.#options = options
    this.#tap = options.tap
    this.#openedAtMs = this.#scheduler.now()
    this.#states = new BehaviorSubject<SessionState>(initial)
    this.outcome = new Promise((resolve) => (this.#settle = resolve))
    const performers = {
      channel,
      process: () => this.#process,
      startTimer: (name: TimerName, delayMs: number) => this.#startTimer(name, delayMs),
      own,
      finish: (outcome: SessionOutcome) => this.#finish(outcome),
      dispatch: (event: SessionEvent) => this.dispatch(event),
    }
    this.#machine = drive<SessionState, SessionEvent, SessionCommand>({
      initial,
      transition: sessionTransition,
      observe: (before, event, state, commands) => this.#observe(before, event, state, commands),
      perform: (command) => {
        performCommand(performers, command)
        this.#commands.next(command)
      },
    })
  }

  /** Begins to listen to the channel; what it has said already comes first. */
  open(): void {
    const { timeLimits, signal } = this.#options
    if (timeLimits !== undefined) {
      this.#watch = watchTime(timeLimits, this.#scheduler, (input) => this.dispatch(input))
    }
    if (signal !== undefined) this.#endOnAbort(signal)
    this.#subscriptions.add(watchChannel(this.#channel, (event) => this.dispatch(event)))
  }

  /**
   * Has the process lend its output: the machine sends it on, or copies it, while it is told. Not where there is a
   * tap, which may keep what it sees.
   */
  borrowOutput(process: ProcessPort): void {
    if (this.#tap !== undefined) return
    const lend = (): void => process.perform({ type: 'process.lendOutput' })
    // A port that knows no such command lends nothing.
    callSafely(lend, () => undefined)
  }

  /** Tells the machine that something happened. A fact that is none, as only untyped code can tell, ends the session. */
  dispatch(event: SessionEvent): void {
    try {
      this.#machine.dispatch(event)
    } catch (error) {
      const reason = `a port told what is no fact: ${messageOf(error)}`
      this.#machine.dispatch({ type: 'session.end', endedBy: 'failed', reason })
    }
  }

  /** Binds the process; its facts reach `listen`. Throws `ALREADY_CONNECTED` the second time. */
  bind(process: ProcessPort, listen: (event: ProcessEvent) => void): void {
    if (this.#process !== undefined) {
      throw new HawseError(
        'ALREADY_CONNECTED',
        'this session already has a process; make a new session for each process',
      )
    }
    this.#subscriptions.add(watchProcess(process, listen, (event) => this.dispatch(event)))
    this.#process = process
  }

  /** The state now. */
  get state(): SessionState {
    return this.#machine.current()
  }

  /** The state now and after each step; completes with the session. */
  get state$(): Observable<SessionState> {
    return this.#states.asObservable()
  }

  /** Every step from now on; completes with the session. */
  get step$(): Observable<SessionStepRecord> {
    return this.#steps.asObservable()
  }

  /** Every command, once performed; completes with the session. */
  get command$(): Observable<SessionCommand> {
    return this.#commands.asObservable()
  }

  get #scheduler() {
    return this.#options.scheduler ?? asyncScheduler
  }

  #observe(
    before: SessionState,
    event: SessionEvent,
    state: SessionState,
    commands: readonly SessionCommand[],
  ): void {
    this.#watch?.note(event)
    const fail = (error: unknown): void => {
      if (this.#tap === undefined) return
      // Called no more: it would be told of the end that it caused, and throw again.
      this.#tap = undefined
      const reason = `the tap failed: ${messageOf(error)}`
      this.dispatch({ type: 'session.end', endedBy: 'failed', reason })
    }
    const tap = this.#tap
    if (tap !== undefined) {
      callSafely(() => tap({ event, state, commands, isIllegal: isIllegal(before, event) }), fail)
    }
    if (this.#steps.observed) {
      this.#steps.next({ event, state, commands, isIllegal: isIllegal(before, event) })
    }
    this.#states.next(state)
  }

  #startTimer(name: TimerName, delayMs: number): void {
    const expire = () => this.dispatch({ type: 'timer.expired', timer: name })
    this.#subscriptions.add(timer(delayMs, this.#scheduler).subscribe(expire))
  }

  #endOnAbort(signal: NonNullable<SessionOptions['signal']>): void {
    const end = (): void => {
      const reason = `session aborted: ${messageOf(signal.reason)}`
      this.dispatch({ type: 'session.end', endedBy: 'policy', reason })
    }
    if (signal.aborted) return end()
    signal.addEventListener('abort', end)
    this.#subscriptions.add(() => signal.removeEventListener('abort', end))
  }

  #finish(outcome: SessionOutcome): void {
    this.#watch?.stop()
    this.#subscriptions.unsubscribe()
    this.#states.complete()
    this.#steps.complete()
    this.#commands.complete()
    this.#settle({ ...outcome, durationMs: this.#scheduler.now() - this.#openedAtMs })
  }
}
