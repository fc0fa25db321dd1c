import type { LogEntry } from '../log'
import type { NumberingStart } from '../numbering'
import type { ServerPlan } from '../server-plan'

/** What the primary tells a worker. */
export type PrimaryMessage =
  /** First: what to serve, and which numbers the log of this worker uses. */
  | { readonly type: 'start'; readonly plan: ServerPlan; readonly numbering: NumberingStart }
  /** Comes with a socket: serve it. */
  | { readonly type: 'connection'; readonly id: number }
  /** Its time to log in is over. */
  | { readonly type: 'destroyConnection'; readonly id: number }
  /** Last: end, and let sessions go on so long before. */
  | { readonly type: 'close'; readonly graceMs: number }

/** What a worker tells the primary; several at a time, in an array. */
export type WorkerMessage = WorkerLifeMessage | WorkerServiceMessage

/** About the worker and what it runs. */
export type WorkerLifeMessage =
  /** It can be given connections. */
  | { readonly type: 'ready' }
  | { readonly type: 'programStarted'; readonly program: ProgramMark }
  /** It was reaped. */
  | { readonly type: 'programEnded'; readonly processId: number }
  /** Last. */
  | { readonly type: 'finished' }

/** About its part of what the server does. */
export type WorkerServiceMessage =
  /** It has the socket. */
  | { readonly type: 'connectionTaken'; readonly id: number }
  | { readonly type: 'connectionClosed'; readonly id: number }
  /** The client at this address has logged in. */
  | { readonly type: 'loggedIn'; readonly address: string; readonly port: number }
  | { readonly type: 'log'; readonly entry: LogEntry }
  /** About a key file, which every worker reads. */
  | { readonly type: 'keyProblem'; readonly message: string }

/** Which program: its number, and when it started, for numbers are used again. */
export interface ProgramMark {
  readonly processId: number
  /** In clock ticks since the start of the machine; `undefined` where it does not tell. */
  readonly startTime: string | undefined
}
