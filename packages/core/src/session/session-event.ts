import type { ChannelEvent } from '../ports/channel-port'
import type { ProcessEvent } from '../ports/process-port'

/** Timers that the session machine asks for; the driver owns the clock. */
export type TimerName = 'drain' | 'terminate' | 'kill' | 'close' | 'refuse'

/** What the session's owner tells it: decisions, the transport face of the seed, and time. */
export type SessionInput =
  /** A handler returned a process for the program request; or a process was bound without one. */
  | { readonly type: 'program.accepted' }
  /** A handler refused; the reason is one line for the client. */
  | { readonly type: 'program.refused'; readonly reason: string }
  /** A handler threw or rejected; the message is one line for the client, the reason for the outcome. */
  | { readonly type: 'program.failed'; readonly message: string; readonly reason: string }
  | { readonly type: 'timer.expired'; readonly timer: TimerName }
  /** Bytes for the remote's stdout that no process wrote. */
  | { readonly type: 'session.write'; readonly bytes: Uint8Array }
  /** One line for the user, on stderr. */
  | { readonly type: 'session.warn'; readonly message: string }
  /** Close the channel after all pending writes; the process is let go. */
  | { readonly type: 'session.loseConnection'; readonly reason: string }
  /** End the process (hang up, terminate, kill), report it, and close. */
  | {
      readonly type: 'session.end'
      readonly endedBy: 'timeout' | 'policy' | 'failed'
      readonly reason: string
    }
  /** A producer of `session.write` bytes wants to be paused and resumed. */
  | { readonly type: 'producer.registered'; readonly kind: 'push' | 'pull' }
  | { readonly type: 'producer.unregistered' }

/** Everything that can happen to a session. */
export type SessionEvent = ChannelEvent | ProcessEvent | SessionInput

/** The event of one type. */
export type SessionEventOf<Type extends SessionEvent['type']> = Extract<
  SessionEvent,
  { readonly type: Type }
>
