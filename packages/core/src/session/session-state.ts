import type { ExitOutcome } from '../ports/exit-outcome'
import type { TerminalRequest, TerminalSize } from '../ports/terminal'
import { emptyQueue, type Queue } from '../channel/queue'
import { emptyEnvironment, type AcceptedEnvironment } from './accepted-environment'
import type { OutputEnds } from './output-ends'
import type { Program, X11Request } from './program'
import type { SessionCommand } from './session-command'
import type { SessionEvent } from './session-event'
import { noTraffic, type Ending, type SessionOutcome, type Traffic } from './session-outcome'
import type { SessionSettings } from './session-settings'

/**
 * The session machine: one session channel joined to one process (RFC 4254 section 6).
 *
 * It stands between two ports. From the channel it hears what the client wants, from the process what the program
 * does, from its owner what was decided; it answers with commands to both. It never does anything itself.
 *
 * The life of a session:
 *
 *     waiting ──program──▶ deciding ──accepted──▶ starting ──started──▶ running ──exited──▶ draining ──ended──▶ closing ──▶ ended
 *        ▲                    │ refused, failed                            │                    outputs             CLOSE both ways
 *        └──── refusing ◀─────┘                                            ├─ client's CLOSE ──▶ abandoned ──exited──▶ closing
 *                                                                          ├─ loseConnection ──▶ leaving ───exited──▶ closing
 *                                                                          └─ connection lost ─▶ orphaned ──exited──▶ ended
 *
 * - `waiting`: the channel is open; terminal and environment are collected.
 * - `deciding`: a handler looks at the program request. What arrives meanwhile is deferred, in order.
 * - `refusing`: the reason was sent; the failure reply waits until the client has had time to show it.
 * - `starting`: the process was told to start and has not answered.
 * - `running`: bytes flow. Outputs may end before the exit (EOF then goes at once).
 * - `draining`: the exit was reported; a grandchild may still hold an output.
 * - `abandoned`: the client has closed; its report and our CLOSE are owed when the process ends.
 * - `leaving`: we have closed; the process is let go.
 * - `orphaned`: there is no channel any more; the process is let go.
 * - `closing`: the process is gone; CLOSE waits behind pending output, or for the client's.
 *
 * An exit is reported at once, whatever output is pending: sshd does so, and a status must not wait for a reader.
 * EOF waits for both outputs, CLOSE for exit and outputs; the channel machine keeps both behind the bytes.
 *
 * The table (session-table.ts) has a cell for every phase and event. A cell is a rule, `ignore`, or `illegal`: a
 * port broke its contract. An illegal event changes nothing.
 */
export type SessionState =
  | Waiting
  | Deciding
  | Refusing
  | Starting
  | Running
  | Draining
  | Abandoned
  | Leaving
  | Orphaned
  | Closing
  | Ended

/** What every phase but the last carries. */
export interface Common {
  readonly settings: SessionSettings
  readonly traffic: Traffic
  readonly input: InputFlow
  readonly output: OutputFlow
  readonly producer: ProducerPhase
  /** What waits for the program to start, in order. */
  readonly deferred: Queue<SessionEvent>
  /** How lines for the user end: a client that asked for a terminal shows them raw. */
  readonly lineEnd: '\n' | '\r\n'
}

/** Client data on its way into the process. */
export interface InputFlow {
  /** `ended`: the client sent EOF. `closed`: the process reads no more; data is consumed and dropped. */
  readonly phase: 'open' | 'ended' | 'closed'
  /** Meant for the process and not yet taken. */
  readonly pendingBytes: number
  /** Those of them that the process was not given yet: it has enough to read. */
  readonly held: Queue<Uint8Array>
  readonly heldBytes: number
}

/** Output on its way into the channel. */
export interface OutputFlow {
  readonly phase: 'flowing' | 'paused'
  /** Given to the channel and not yet taken by the transport. */
  readonly unwrittenBytes: number
}

/** A producer of `session.write` bytes; `last...` closes the connection when it unregisters. */
export type ProducerPhase = 'none' | 'push' | 'pull' | 'lastPush' | 'lastPull'

/** What the client said before it asked for a program. */
export interface Opening {
  readonly terminal: TerminalRequest | null
  readonly environment: AcceptedEnvironment
  readonly x11: X11Request | null
  readonly hasAgentForwarding: boolean
}

/** The program request that owes a reply; `null` when a process was bound without one. */
export interface OwedStart {
  readonly requestId: number
  readonly wantsReply: boolean
}

export interface Waiting extends Common {
  readonly phase: 'waiting'
  readonly opening: Opening
  /** How the session ends if the client now closes. */
  readonly ending: Ending
}

export interface Deciding extends Common {
  readonly phase: 'deciding'
  readonly opening: Opening
  readonly owed: OwedStart
  readonly program: Program
}

export interface Refusing extends Common {
  readonly phase: 'refusing'
  readonly opening: Opening
  readonly owed: OwedStart
  readonly ending: Ending
}

export interface Starting extends Common {
  readonly phase: 'starting'
  readonly owed: OwedStart | null
  /** `null` when a process was bound without a request. */
  readonly program: Program | null
}

export interface Running extends Common {
  readonly phase: 'running'
  readonly program: Program | null
  /** Size of the terminal, `null` when the process sits on none. */
  readonly terminalSize: TerminalSize | null
  readonly outputs: OutputEnds
  readonly ending: Ending
}

export interface Draining extends Common {
  readonly phase: 'draining'
  readonly outputs: OutputEnds
  readonly exit: ExitOutcome
  readonly ending: Ending
}

export interface Abandoned extends Common {
  readonly phase: 'abandoned'
  readonly ending: Ending
}

export interface Leaving extends Common {
  readonly phase: 'leaving'
  readonly ending: Ending
}

export interface Orphaned extends Common {
  readonly phase: 'orphaned'
  readonly ending: Ending
}

export interface Closing extends Common {
  readonly phase: 'closing'
  readonly exit: ExitOutcome | null
  readonly isOutputTruncated: boolean
  readonly ending: Ending
}

export interface Ended {
  readonly phase: 'ended'
  readonly outcome: SessionOutcome
}

/** Name of a phase. */
export type SessionPhase = SessionState['phase']

/** The state in one phase. */
export type StateIn<Phase extends SessionPhase> = Extract<SessionState, { readonly phase: Phase }>

/** Every phase that still has a channel or a process. */
export type Live = Exclude<SessionState, Ended>

/** A new state, and commands to perform in this order. */
export type SessionStep = readonly [SessionState, readonly SessionCommand[]]

/** The same for a rule that stays in its phase. */
export type StepWithin<State extends Live> = readonly [State, readonly SessionCommand[]]

/** A session whose channel was just opened. */
export function initialSessionState(settings: SessionSettings): Waiting {
  return {
    phase: 'waiting',
    settings,
    traffic: noTraffic,
    input: { phase: 'open', pendingBytes: 0, held: emptyQueue(), heldBytes: 0 },
    output: { phase: 'flowing', unwrittenBytes: 0 },
    producer: 'none',
    deferred: emptyQueue(),
    lineEnd: '\n',
    opening: {
      terminal: null,
      environment: emptyEnvironment,
      x11: null,
      hasAgentForwarding: false,
    },
    ending: { endedBy: 'peerClose', reason: 'the client closed the channel without a program' },
  }
}

/**
 * The state with other flows and counts.
 *
 * Written out for the phase in which bytes flow: V8 takes some 20 times as long over a spread that replaces members.
 */
export function withFlow<State extends Live>(
  state: State,
  { input = state.input, output = state.output, traffic = state.traffic }: ChangedFlow,
): State {
  if (state.phase !== 'running') return { ...state, input, output, traffic }
  const { settings, producer, deferred, lineEnd, program, terminalSize, outputs, ending } = state
  const running: Running = {
    phase: 'running',
    settings,
    traffic,
    input,
    output,
    producer,
    deferred,
    lineEnd,
    program,
    terminalSize,
    outputs,
    ending,
  }
  // TypeScript does not see that a state in this phase is all of its type.
  return running as State
}

type ChangedFlow = Partial<Pick<Common, 'input' | 'output' | 'traffic'>>

/** The part of a state that the next phase keeps. */
export function commonOf(state: Common): Common {
  const { settings, traffic, input, output, producer, deferred, lineEnd } = state
  return { settings, traffic, input, output, producer, deferred, lineEnd }
}
