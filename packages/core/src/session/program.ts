import type { TerminalRequest } from '../ports/terminal'
import type { ChannelRequest } from '../wire/channel-request'

/** What a client wants to run (RFC 4254 section 6.5), with all it said before. */
export interface Program {
  readonly request: ProgramRequest
  /** The terminal asked for, `null` without one. */
  readonly terminal: TerminalRequest | null
  /** The environment variables that the policy accepted, by name. */
  readonly environment: ReadonlyMap<string, string>
  /** X11 forwarding, where accepted and asked for (section 6.3.1). */
  readonly x11: X11Request | null
  /** Whether agent forwarding was accepted and asked for. */
  readonly hasAgentForwarding: boolean
}

/** A request that starts a program. */
export type ProgramRequest = Extract<
  ChannelRequest,
  { readonly name: 'shell' | 'exec' | 'subsystem' }
>

/** A request for X11 forwarding. */
export type X11Request = Extract<ChannelRequest, { readonly name: 'x11-req' }>
