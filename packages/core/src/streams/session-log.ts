import { Observable } from 'rxjs'
import type { ExitOutcome } from '../ports/exit-outcome'
import type { EndedBy, Traffic } from '../session/session-outcome'
import type { SessionEvent } from '../session/session-event'
import type { SessionState, StateIn } from '../session/session-state'
import { sessionTransition } from '../session/session-transition'
import type { ChannelRequest } from '../wire/channel-request'
import type { Session } from './run-session'
import type { SessionResult } from './session-driver'
import type { SessionStepRecord } from './session-options'

/**
 * What an operator may know of a session: plain values that JSON can carry, and nothing that the client typed, was
 * sent, or named.
 *
 * There is no command, no name of a subsystem, no variable, no terminal type and no byte in it, and no `reason` of an
 * outcome either, for reasons may quote a command. Whoever wants the reason takes it from `outcome`.
 */
export type SessionLogEntry =
  /** A request of the client was answered; one without a reply that waits for its program is not told. */
  | {
      readonly type: 'requested'
      /** Its name (RFC 4254 section 6); `unknown` for all others. */
      readonly request: ChannelRequest['name']
      readonly isGranted: boolean
    }
  /** The program runs; `bound` was given to the session without a request. */
  | {
      readonly type: 'started'
      readonly program: 'shell' | 'exec' | 'subsystem' | 'bound'
      readonly hasTerminal: boolean
    }
  /** The user was shown a line on stderr: one of the server's own words. */
  | { readonly type: 'warned'; readonly message: string }
  /** The process was sent a signal, named without `SIG`. */
  | { readonly type: 'signaled'; readonly signal: string; readonly isByClient: boolean }
  /** Last entry. */
  | {
      readonly type: 'ended'
      readonly endedBy: EndedBy
      /** `null` where no program was started. */
      readonly exit: ExitSummary | null
      readonly isOutputTruncated: boolean
      readonly traffic: Traffic
      readonly durationMs: number
    }

/** How a process ended, without the words that came with it. */
export type ExitSummary =
  | { readonly kind: 'exited'; readonly code: number }
  | { readonly kind: 'signaled'; readonly signal: string; readonly hasCoreDumped: boolean }
  | { readonly kind: 'unreported' }
  | { readonly kind: 'lost' }

/**
 * Tells what happens to a session, from now on, and completes after `ended`.
 *
 * Subscribe in the tick of `runSession`; whoever comes later hears of a program that runs already, and of what follows.
 */
export function sessionLog(session: Session): Observable<SessionLogEntry> {
  return new Observable((subscriber) => {
    const reader = new StepReader((entry) => subscriber.next(entry))
    const states = session.state$.subscribe((state) => reader.noteState(state))
    const steps = session.step$.subscribe((step) => reader.noteStep(step))
    void session.outcome.then((outcome) => {
      subscriber.next(endedEntry(outcome))
      subscriber.complete()
    })
    return () => {
      states.unsubscribe()
      steps.unsubscribe()
    }
  })
}

/** Makes entries of steps. A state comes before the first step, and after each. */
class StepReader {
  readonly #tell: (entry: SessionLogEntry) => void
  readonly #unanswered = new Map<number, ChannelRequest['name']>()
  #state: SessionState | undefined
  #hasStarted = false

  constructor(tell: (entry: SessionLogEntry) => void) {
    this.#tell = tell
  }

  noteState(state: SessionState): void {
    this.#state = state
    this.#tellStart(state)
  }

  noteStep({ event, state, commands }: SessionStepRecord): void {
    if (event.type === 'channel.requested') this.#noteRequest(event)
    // What was deferred is applied after the start.
    this.#tellStart(state)
    for (const command of commands) {
      if (command.type === 'channel.reply') {
        this.#tellAnswer(command.requestId, command.isSuccess)
      } else if (command.type === 'process.signal') {
        const isByClient = isOfClient(event, state)
        this.#tell({ type: 'signaled', signal: command.signal, isByClient })
      }
    }
    if (event.type === 'session.warn' && commands.length > 0) {
      this.#tell({ type: 'warned', message: event.message })
    }
  }

  #tellStart(state: SessionState): void {
    if (state.phase !== 'running' || this.#hasStarted) return
    this.#hasStarted = true
    this.#tell(startedEntry(state))
  }

  #noteRequest(event: Extract<SessionEvent, { readonly type: 'channel.requested' }>): void {
    this.#unanswered.set(event.requestId, event.request.name)
    if (event.wantsReply || this.#state === undefined) return
    // Nobody is told the answer: the machine, which is pure, is asked what it would have been.
    const [, commands] = sessionTransition(this.#state, { ...event, wantsReply: true })
    const reply = commands.find((command) => command.type === 'channel.reply')
    if (reply === undefined) this.#unanswered.delete(event.requestId)
    else this.#tellAnswer(reply.requestId, reply.isSuccess)
  }

  #tellAnswer(requestId: number, isGranted: boolean): void {
    const request = this.#unanswered.get(requestId)
    this.#unanswered.delete(requestId)
    if (request !== undefined) this.#tell({ type: 'requested', request, isGranted })
  }
}

function startedEntry({ program, terminalSize }: StateIn<'running'>): SessionLogEntry {
  return {
    type: 'started',
    program: program?.request.name ?? 'bound',
    hasTerminal: terminalSize !== null,
  }
}

/** A client's signals come with its request, or, deferred, with the start of the program. */
function isOfClient(event: SessionEvent, state: SessionState): boolean {
  if (event.type === 'channel.requested') return true
  return event.type === 'process.started' && state.phase === 'running'
}

function endedEntry(outcome: SessionResult): SessionLogEntry {
  const { endedBy, exit, isOutputTruncated, traffic, durationMs } = outcome
  const summary = exit === null ? null : summaryOf(exit)
  return { type: 'ended', endedBy, exit: summary, isOutputTruncated, traffic, durationMs }
}

function summaryOf(exit: ExitOutcome): ExitSummary {
  switch (exit.kind) {
    case 'exited':
      return { kind: 'exited', code: exit.code }
    case 'signaled':
      return { kind: 'signaled', signal: exit.signal, hasCoreDumped: exit.hasCoreDumped }
    case 'unreported':
    case 'lost':
      return { kind: exit.kind }
  }
}
