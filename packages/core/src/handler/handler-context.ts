import type { Observable } from 'rxjs'
import type { AbortSignalLike } from '../platform/abort'
import type { TerminalRequest, TerminalSize } from '../ports/terminal'
import type { HandlerInput } from './handler-input'
import type { HandlerOutput } from './handler-output'

/** What an in-process program has in its hands. */
export interface HandlerContext {
  readonly stdin: HandlerInput
  readonly stdout: HandlerOutput
  readonly stderr: HandlerOutput
  /** The command as the client sent it; empty for a shell, the name for a subsystem. */
  readonly command: string
  /** Its words, the program's name first; quotes are honoured, nothing is expanded. */
  readonly args: readonly string[]
  /** The client's environment variables that the policy accepted. */
  readonly env: Readonly<Record<string, string>>
  /** The terminal the client asked for. No line discipline stands between: input is raw. */
  readonly pty: TerminalRequest | undefined
  /** New dimensions of the terminal. */
  readonly resize$: Observable<TerminalSize>
  /** Signals of the client, without `SIG`. Who subscribes handles them; else they end the program. KILL always does. */
  readonly receivedSignal$: Observable<string>
  /** Aborted when the client has gone, or a signal ended the program. */
  readonly signal: AbortSignalLike
  /** Sends a signal to the program itself, without `SIG`, as raise(3): it is received as one of the client is. */
  readonly raise: (signal: string) => void
}
