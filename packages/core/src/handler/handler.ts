import { HawseError } from '../errors/hawse-error'
import type { ProcessPort } from '../ports/process-port'
import type { HandlerRequest } from '../streams/session-handlers'
import type { HandlerContext } from './handler-context'
import { HandlerProcess } from './handler-process'
import { splitCommand } from './split-command'

/** A program that is a function: it returns its exit code, nothing means 0. */
export type HandlerProgram = (context: HandlerContext) => Promise<number | void> | number | void

/** Choices for `handler`. */
export interface HandlerOptions {
  /** Told what the program threw. The client is shown no more than that it failed, and exit status 1. */
  readonly onError?: (error: unknown) => void
  /**
   * Bytes that may wait on each output where the program writes without awaiting and the client does not read;
   * 16 MiB by default. A program that writes more ends as a failed one, with the error `OUTPUT_OVERFLOW`. One write
   * alone may be longer. A number of 0 or more; `handler` and `functionProcess` throw `INVALID_ARGUMENT` for anything else.
   */
  readonly maximumWaitingBytes?: number
}

const defaultMaximumWaitingBytes = 16 * 1024 * 1024

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
  requireByteCount(options.maximumWaitingBytes)
  return ({ command, subsystem = '', env, pty }) =>
    processOf(program, { command: command ?? subsystem, env, pty }, options)
}

/** Choices for `functionProcess`. */
export interface FunctionProcessOptions extends HandlerOptions {
  /** What the program gets as `command`, and in words as `args`; empty by default. */
  readonly command?: string
  /** What it gets as `env`; nothing by default. */
  readonly env?: Readonly<Record<string, string>>
}

/**
 * A function as a process without any session, for `run` and its like.
 *
 * @example
 * const { stdout } = await run(functionProcess(({ stdout }) => stdout.write('hello')))
 */
export function functionProcess(
  program: HandlerProgram,
  { command = '', env = {}, ...options }: FunctionProcessOptions = {},
): ProcessPort {
  requireByteCount(options.maximumWaitingBytes)
  return processOf(program, { command, env, pty: undefined }, options)
}

function processOf(
  program: HandlerProgram,
  { command, env, pty }: Pick<HandlerContext, 'command' | 'env' | 'pty'>,
  options: HandlerOptions,
): ProcessPort {
  const { maximumWaitingBytes = defaultMaximumWaitingBytes, onError = () => undefined } = options
  return new HandlerProcess({
    run: (streams) => program({ ...streams, command, args: splitCommand(command), env, pty }),
    isTerminal: pty !== undefined,
    maximumWaitingBytes,
    onError,
  })
}

/** No number would be no bound, and nobody would notice. */
function requireByteCount(maximumWaitingBytes = defaultMaximumWaitingBytes): void {
  if (maximumWaitingBytes >= 0) return
  throw new HawseError(
    'INVALID_ARGUMENT',
    `maximumWaitingBytes is ${maximumWaitingBytes}; give a number of bytes, 0 or more`,
  )
}
