import type { TerminalRequest } from '../ports/terminal'
import type { ChannelRequest } from '../wire/channel-request'

/** What is to run at the other end of a session channel (RFC 4254 section 6.5). */
export interface RemoteProgram {
  readonly request: Extract<
    ChannelRequest,
    { readonly name: 'exec' } | { readonly name: 'shell' } | { readonly name: 'subsystem' }
  >
  /** The terminal it shall sit on; `null` for none. */
  readonly terminal: TerminalRequest | null
  /** Variables to ask for; a server takes those it likes and says nothing of the others. */
  readonly environment: Readonly<Record<string, string>>
}
