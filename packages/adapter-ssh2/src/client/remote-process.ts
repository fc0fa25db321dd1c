import {
  encodeChannelMessage,
  HawseError,
  processOverChannel,
  type ProcessPort,
  type RemoteProgram,
  type TerminalRequest,
} from '@hawse/core'
import type { Ssh2Client } from '../ssh2-shapes'
import { openSession } from './open-session'

/** What runs on the other host; exactly one of `command`, `shell` and `subsystem`. */
export interface RemoteProcessOptions {
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

/**
 * A program on another host, over the connection of an ssh2 client, as a process port like any other.
 *
 * The channel is opened by `process.start`; the client has to be 'ready' by then, and is not ended with the process.
 * Many processes share one client. A server that refuses is `process.startFailed`, with what it said; a connection that
 * is lost is an exit of the kind `lost`, and a server that closes without a report one of the kind `unreported`.
 * Throws INVALID_ARGUMENT for options that cannot be sent.
 */
export function remoteProcess(client: Ssh2Client, options: RemoteProcessOptions): ProcessPort {
  const program = remoteProgram(options)
  requireEncodable(program)
  return processOverChannel(program, () => openSession(client))
}

function remoteProgram(options: RemoteProcessOptions): RemoteProgram {
  const { pty, env = {} } = options
  return {
    request: programRequest(options),
    terminal: pty === undefined ? null : { ...defaultTerminal, ...pty },
    environment: env,
  }
}

function programRequest({
  command,
  shell = false,
  subsystem,
}: RemoteProcessOptions): RemoteProgram['request'] {
  const given = [command !== undefined, shell, subsystem !== undefined].filter(Boolean).length
  if (given !== 1) throw ambiguous(given)
  if (command !== undefined) {
    const commandBytes = Buffer.from(command)
    return { name: 'exec', command: commandBytes.toString(), commandBytes }
  }
  return subsystem === undefined ? { name: 'shell' } : { name: 'subsystem', subsystem }
}

const defaultTerminal: TerminalRequest = {
  term: 'xterm-256color',
  size: { columns: 80, rows: 24, widthPixels: 0, heightPixels: 0 },
  modes: new Map(),
}

/** What cannot be sent is better known now than when the program shall start. */
function requireEncodable({ terminal }: RemoteProgram): void {
  if (terminal === null) return
  encodeChannelMessage(0, {
    type: 'request',
    request: { name: 'pty-req', terminal },
    wantsReply: true,
  })
}

function ambiguous(given: number): HawseError {
  return new HawseError(
    'INVALID_ARGUMENT',
    `remoteProcess was given ${given} of command, shell and subsystem. Expected exactly one: say what is to run.`,
  )
}
