import { HawseError } from '../errors/hawse-error'
import type { AbortSignalLike } from '../platform/abort'
import type { Address } from '../ports/address'
import type { ProcessPort } from '../ports/process-port'
import type { TerminalRequest } from '../ports/terminal'
import type { X11Request } from '../session/program'

/** What a handler knows about the request it decides on. */
export interface HandlerRequest {
  /** The client's environment variables that the policy accepted. */
  readonly env: Readonly<Record<string, string>>
  /** The terminal the client asked for, `undefined` without one. */
  readonly pty: TerminalRequest | undefined
  /** X11 forwarding, where `acceptsX11` and asked for. */
  readonly x11: X11Request | undefined
  /** Whether agent forwarding was asked for, where `acceptsAgent`. */
  readonly hasAgentForwarding: boolean
  /** Our end of the connection. */
  readonly host: Address
  /** The client's end of the connection. */
  readonly peer: Address
  /** Aborted when the client goes away before the decision. */
  readonly signal: AbortSignalLike
}

/** A request to run a command (RFC 4254 section 6.5). */
export interface ExecRequest extends HandlerRequest {
  /** The command as text; `commandBytes` read as UTF-8. */
  readonly command: string
  /** The command as the client sent it. */
  readonly commandBytes: Uint8Array
}

/** A request for a subsystem (RFC 4254 section 6.5). */
export interface SubsystemRequest extends HandlerRequest {
  /** Name of the subsystem, such as `sftp`. */
  readonly subsystem: string
}

/** A handler's "no", with the one line that the client is shown. */
export interface Refusal {
  readonly isRefusal: true
  readonly reason: string
}

/** What a handler decides: a process to run, or a refusal; now or later. */
export type Decision = ProcessPort | Refusal | Promise<ProcessPort | Refusal>

/** What this server runs. What is not listed is refused. */
export interface SessionHandlers {
  readonly exec?: (request: ExecRequest) => Decision
  readonly shell?: (request: HandlerRequest) => Decision
  /** By name of the subsystem. */
  readonly subsystem?: Readonly<Record<string, (request: SubsystemRequest) => Decision>>
}

/**
 * Refuses a request; the client gets a failure reply and this line on its stderr.
 *
 * Throws `INVALID_ARGUMENT` for an empty reason: the client must be told something.
 */
export function refuse(reason: string): Refusal {
  if (reason.trim() !== '') return { isRefusal: true, reason }
  throw new HawseError(
    'INVALID_ARGUMENT',
    'refuse() needs a reason for the client, such as "no such repository"',
  )
}

/** Whether a decision is a refusal. */
export function isRefusal(decision: ProcessPort | Refusal): decision is Refusal {
  return 'isRefusal' in decision
}
