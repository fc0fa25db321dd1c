import { emptyQueue, type Queue } from '../channel/queue'
import type { ExitOutcome } from '../ports/exit-outcome'
import type { OutputName, ProcessCommand } from '../ports/process-port'
import type { TerminalSize } from '../ports/terminal'
import type { RemoteOutput } from './remote-event'
import type { RemoteProgram } from './remote-program'

/**
 * The remote process machine: a program at the other end of a session channel, as a process (RFC 4254 section 6,
 * seen by the client).
 *
 * It is the session machine's mirror. It stands between whoever uses a process and a channel on which we ask: from
 * above it hears `ProcessCommand`s, from the channel `ChannelEvent`s, and it answers with commands to the channel and
 * facts of the process. It neither opens the channel nor knows who does.
 *
 *     idle ──start──▶ opening ──opened──▶ (askingTerminal) ──▶ starting ──success──▶ running ──all told──▶ over
 *                        │                        │ failure       │ failure              ├─ let go ──▶ leaving ──report──▶ over
 *                        ├─ disconnect ▶ abandoned└──────────▶ over ◀───┘                └─ CLOSE, loss, while output is
 *                        └─ open failed ▶ over                                              held ▶ draining ──▶ over
 *
 * - `idle`: nothing was asked; a size given now is the one that the terminal starts with.
 * - `opening`: the channel is being opened. What the process is asked meanwhile is deferred, in order.
 * - `abandoned`: nobody wants the program any more; a channel that opens all the same is closed at once.
 * - `askingTerminal`: the terminal was asked for. The program waits for the answer, for without the terminal it
 *   would be another one, and running it cannot be taken back.
 * - `starting`: the program was asked for. Servers that speak before they answer are heard: it is held.
 * - `running`: bytes flow, on credit: the window is re-opened for output that was passed on.
 * - `leaving`: we have closed; the server frees the program, and its report is still owed (sshd sends it, and then
 *   its CLOSE, when the program has ended).
 * - `draining`: the channel is over and the exit told; output waits to be resumed.
 * - `over`: everything is told.
 *
 * EOF speaks for both outputs: SSH cannot say that one has ended. There are three ways of not knowing an exit code,
 * and they stay apart: a signal, a channel that was closed without a report, and a connection that was lost.
 */
export type RemoteState =
  Idle | Opening | Abandoned | AskingTerminal | Starting | Running | Leaving | Draining | Over

/** What is known of a program from the beginning to the end. */
export interface RemoteCommon {
  readonly program: RemoteProgram
  /** Size of the terminal; `null` without one. */
  readonly terminalSize: TerminalSize | null
  /** What was asked before the program ran, in order. */
  readonly deferred: Queue<ProcessCommand>
  /** Software of the server, once there is a channel. */
  readonly peerSoftware: string
  /** `ended`: we sent EOF. `closed`: the program reads no more. */
  readonly input: 'open' | 'ended' | 'closed'
  readonly outputs: RemoteOutputs
  /** How the program ended, as soon as that is known. */
  readonly exit: ExitOutcome | null
}

/** Output on its way to whoever uses the process. */
export interface RemoteOutputs {
  readonly flow: 'flowing' | 'paused'
  /** Received and not passed on: at most the window. */
  readonly held: Queue<HeldOutput>
  /** `ended`: the server sends no more. */
  readonly source: 'open' | 'ended'
  readonly stdout: RemoteOutputEnd
  readonly stderr: RemoteOutputEnd
}

/**
 * `cut`: nobody wants it, its bytes are consumed. `refused`: and the server was told. `ended`: its end was told, or the
 * program has none.
 */
export type RemoteOutputEnd = 'open' | 'cut' | 'refused' | 'ended'

/** A piece of output that waits. */
export interface HeldOutput {
  readonly output: OutputName
  readonly bytes: Uint8Array
}

export interface Idle extends RemoteCommon {
  readonly phase: 'idle'
}

export interface Opening extends RemoteCommon {
  readonly phase: 'opening'
}

export interface Abandoned {
  readonly phase: 'abandoned'
}

export interface AskingTerminal extends RemoteCommon {
  readonly phase: 'askingTerminal'
}

export interface Starting extends RemoteCommon {
  readonly phase: 'starting'
}

export interface Running extends RemoteCommon {
  readonly phase: 'running'
}

export interface Leaving {
  readonly phase: 'leaving'
}

export interface Draining extends RemoteCommon {
  readonly phase: 'draining'
}

export interface Over {
  readonly phase: 'over'
}

/** Name of a phase. */
export type RemotePhase = RemoteState['phase']

/** The state in one phase. */
export type RemoteStateIn<Phase extends RemotePhase> = Extract<
  RemoteState,
  { readonly phase: Phase }
>

/** A new state, and what is to be said in this order. */
export type RemoteStep = readonly [RemoteState, readonly RemoteOutput[]]

/** A program that was not asked for yet. */
export function initialRemoteState(program: RemoteProgram): Idle {
  const { terminal } = program
  return {
    phase: 'idle',
    program,
    terminalSize: terminal?.size ?? null,
    deferred: emptyQueue(),
    peerSoftware: '',
    input: 'open',
    outputs: {
      flow: 'paused',
      held: emptyQueue(),
      source: 'open',
      stdout: 'open',
      stderr: terminal === null ? 'open' : 'ended',
    },
    exit: null,
  }
}

/** Nothing more is said. */
export const over: Over = { phase: 'over' }
