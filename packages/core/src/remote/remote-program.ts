import { HawseError } from '../errors/hawse-error'
import { decodeUtf8, encodeUtf8 } from '../platform/text'
import type { TerminalRequest } from '../ports/terminal'
import type { ChannelMessage } from '../wire/channel-message'
import type { ChannelRequest } from '../wire/channel-request'
import { encodeChannelMessage } from '../wire/encode-channel-message'

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

/** What runs at the other end; exactly one of `command`, `shell` and `subsystem`. */
export interface RemoteProgramOptions {
  /** A command for the account's shell there, as text or as the very bytes (RFC 4254 section 6.5). */
  readonly command?: string | Uint8Array | undefined
  /** The account's login shell. */
  readonly shell?: boolean | undefined
  /** A subsystem, such as `sftp`. */
  readonly subsystem?: string | undefined
  /**
   * The terminal to run on, such as the `pty` of a handler's request. What is left out is `xterm-256color`, 80 columns
   * and 24 rows, and the modes that the server likes.
   */
  readonly pty?: Partial<TerminalRequest> | undefined
  /** Variables to set; sshd takes those that its `AcceptEnv` names, and leaves out the others without a word. */
  readonly env?: Readonly<Record<string, string>> | undefined
}

/** Reads what people give; throws INVALID_ARGUMENT for what cannot be sent. */
export function remoteProgram(options: RemoteProgramOptions): RemoteProgram {
  const { pty, env = {} } = options
  const terminal = pty === undefined ? null : { ...defaultTerminal, ...pty }
  // What cannot be sent is better known now than when the program shall start.
  if (terminal !== null) encodeChannelMessage(0, terminalMessage(terminal))
  return { request: programRequest(options), terminal, environment: env }
}

function programRequest({
  command,
  shell = false,
  subsystem,
}: RemoteProgramOptions): RemoteProgram['request'] {
  const given = [command !== undefined, shell, subsystem !== undefined].filter(Boolean).length
  if (given !== 1) throw ambiguous(given)
  if (command !== undefined) {
    const commandBytes = typeof command === 'string' ? encodeUtf8(command) : command
    return { name: 'exec', command: decodeUtf8(commandBytes), commandBytes }
  }
  return subsystem === undefined ? { name: 'shell' } : { name: 'subsystem', subsystem }
}

function terminalMessage(terminal: TerminalRequest): ChannelMessage {
  return { type: 'request', request: { name: 'pty-req', terminal }, wantsReply: true }
}

const defaultTerminal: TerminalRequest = {
  term: 'xterm-256color',
  size: { columns: 80, rows: 24, widthPixels: 0, heightPixels: 0 },
  modes: new Map(),
}

function ambiguous(given: number): HawseError {
  return new HawseError(
    'INVALID_ARGUMENT',
    `a program was given as ${given} of command, shell and subsystem. Expected exactly one: say what is to run.`,
  )
}
