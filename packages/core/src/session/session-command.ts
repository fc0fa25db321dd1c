import type { ChannelCommand } from '../ports/channel-port'
import type { ProcessCommand } from '../ports/process-port'
import type { Program } from './program'
import type { TimerName } from './session-event'
import type { SessionOutcome } from './session-outcome'

/** Everything the session machine can ask for. */
export type SessionCommand =
  | ChannelCommand
  | ProcessCommand
  /** Decide on this program; answered by `program.accepted`, `program.refused` or `program.failed`. */
  | { readonly type: 'program.decide'; readonly program: Program }
  /** The decision is no longer wanted: the client has gone. */
  | { readonly type: 'program.abandon' }
  | { readonly type: 'timer.start'; readonly timer: TimerName; readonly delayMs: number }
  | { readonly type: 'producer.pause' }
  | { readonly type: 'producer.resume' }
  /** The producer's bytes can go nowhere any more. */
  | { readonly type: 'producer.stop' }
  /** Nothing more can happen. Last command. */
  | { readonly type: 'session.ended'; readonly outcome: SessionOutcome }
