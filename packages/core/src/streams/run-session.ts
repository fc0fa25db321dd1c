import { from, type Observable } from 'rxjs'
import { messageOf } from '../errors/hawse-error'
import { createAbortController, type AbortControllerLike } from '../platform/abort'
import type { ChannelPort } from '../ports/channel-port'
import type { ProcessPort } from '../ports/process-port'
import type { Program } from '../session/program'
import type { SessionState } from '../session/session-state'
import { decide, refuseLongCommand } from './decide'
import type { OwnerCommand } from './perform-command'
import { SessionDriver, type SessionResult } from './session-driver'
import { isRefusal, type Refusal, type SessionHandlers } from './session-handlers'
import type { SessionOptions, SessionStepRecord } from './session-options'

/** A running session. Observing it is passive; `close` ends it. */
export interface Session extends AsyncDisposable {
  /** Resolves once, when the session has ended; never rejects. */
  readonly outcome: Promise<SessionResult>
  /** Emits the outcome once, and completes. */
  readonly outcome$: Observable<SessionResult>
  /** The state now and after each step; completes with the session. */
  readonly state$: Observable<SessionState>
  /**
   * Every step from now on, as a `tap` sees it; completes with the session. Bytes of an output are only lent: whoever
   * keeps them copies them while the step is told.
   */
  readonly step$: Observable<SessionStepRecord>
  /**
   * Ends the session: the process is hung up, terminated and killed by the delays of the options, the client gets
   * its report and the reason on stderr. Resolves with the outcome.
   */
  close(reason?: string): Promise<SessionResult>
  /** Shows the user one line on stderr. */
  warn(message: string): void
}

/**
 * Runs one session: answers every request on the channel, asks the handlers what to run, and joins the process to
 * the channel until both have ended (RFC 4254 section 6).
 *
 * Handlers may take their time: what the client sends meanwhile waits, in order. A handler that throws or rejects
 * ends its request, never the server. Throws `INVALID_ARGUMENT` for options that cannot work.
 */
export function runSession(
  channel: ChannelPort,
  handlers: SessionHandlers,
  options: SessionOptions = {},
): Session {
  let decision: AbortControllerLike | undefined
  const driver = new SessionDriver(channel, options, (command: OwnerCommand) => {
    if (command.type === 'program.decide') {
      decision = createAbortController()
      const { signal } = decision
      const { program } = command
      settle(
        driver,
        program,
        () =>
          refuseLongCommand(program, options.maximumCommandBytes) ??
          decide(program, handlers, channel, signal),
      )
    }
    if (command.type === 'program.abandon') decision?.abort('the client has gone')
  })
  driver.open()
  return sessionOf(driver)
}

/** The face that a driver shows to its owner. */
export function sessionOf(driver: SessionDriver): Session {
  const close = (reason = 'session closed by the server'): Promise<SessionResult> => {
    driver.dispatch({ type: 'session.end', endedBy: 'policy', reason })
    return driver.outcome
  }
  return {
    outcome: driver.outcome,
    outcome$: from(driver.outcome),
    state$: driver.state$,
    step$: driver.step$,
    close,
    warn: (message) => driver.dispatch({ type: 'session.warn', message }),
    [Symbol.asyncDispose]: async () => {
      await close()
    },
  }
}

/** Turns a handler's answer, now or later, into the machine's event. */
function settle(
  driver: SessionDriver,
  program: Program,
  ask: () => ProcessPort | Refusal | Promise<ProcessPort | Refusal>,
): void {
  const fail = (error: unknown): void =>
    driver.dispatch({
      type: 'program.failed',
      message: `the ${program.request.name} handler of this server failed`,
      reason: `the ${program.request.name} handler failed: ${messageOf(error)}`,
    })
  const accept = (decided: ProcessPort | Refusal): void => {
    if (isRefusal(decided)) driver.dispatch({ type: 'program.refused', reason: decided.reason })
    else begin(driver, decided)
  }
  try {
    const answer = ask()
    if ('then' in answer) Promise.resolve(answer).then(accept).catch(fail)
    else accept(answer)
  } catch (error) {
    fail(error)
  }
}

/** A client that left while the handler decided gets no process started for it. */
function begin(driver: SessionDriver, process: ProcessPort): void {
  if (driver.state.phase !== 'deciding') return
  driver.bind(process, (event) => driver.dispatch(event))
  driver.borrowOutput(process)
  driver.dispatch({ type: 'program.accepted' })
}
