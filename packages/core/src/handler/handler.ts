import type { Observable } from 'rxjs'
import type { AbortSignalLike } from '../platform/abort'
import type { ProcessPort } from '../ports/process-port'
import type { TerminalRequest, TerminalSize } from '../ports/terminal'
import type { HandlerRequest } from '../streams/session-handlers'
import type { HandlerInput } from './handler-input'
import type { HandlerOutput } from './handler-output'
import { HandlerProcess } from './handler-process'
import { splitCommand } from './split-command'

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
}

/** A program that is a function: it returns its exit code, nothing means 0. */
export type HandlerProgram = (context: HandlerContext) => Promise<number | void> | number | void

/** Choices for `handler`. */
export interface HandlerOptions {
  /** Told what the program threw. The client is shown no more than that it failed, and exit status 1. */
  readonly onError?: (error: unknown) => void
}

/** A request of any kind, as handlers get it. */
type AnyRequest = HandlerRequest & { readonly command?: string; readonly subsystem?: string }

/**
 * Makes a function a program that clients can run: for `exec`, `shell` or a subsystem.
 *
 * ```ts
 * runSession(channel, {
 *   exec: handler(async ({ stdout, args }) => {
 *     await stdout.write(`hello ${args[1] ?? 'world'}\n`)
 *     return 3
 *   }),
 * })
 * ```
 */
export function handler(
  program: HandlerProgram,
  options: HandlerOptions = {},
): (request: AnyRequest) => ProcessPort {
  return (request) => {
    const command = request.command ?? request.subsystem ?? ''
    const { env, pty } = request
    return new HandlerProcess({
      run: (streams) => program({ ...streams, command, args: splitCommand(command), env, pty }),
      isTerminal: pty !== undefined,
      onError: options.onError ?? (() => undefined),
    })
  }
}
