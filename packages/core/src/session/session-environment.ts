import type { Address } from '../ports/address'
import type { TerminalRequest } from '../ports/terminal'

/** The account that a program runs as. */
export interface Account {
  /** Login name. */
  readonly user: string
  /** Home directory, absolute. */
  readonly home: string
  /** Login shell, absolute. */
  readonly shell: string
  /** Search path, directories separated by colons. */
  readonly path: string
  /** Mailbox, absolute, where the account has one. */
  readonly mail?: string | undefined
}

/** What `sessionEnvironment` is made from. */
export interface SessionEnvironmentOptions {
  readonly account: Account
  readonly host: Address
  readonly peer: Address
  /** The client's accepted variables; weaker than all others. */
  readonly clientEnv?: Readonly<Record<string, string>>
  /** The terminal, which gives TERM where the client has named one. */
  readonly pty?: TerminalRequest | undefined
  /** What the client asked for, where another command is forced. */
  readonly originalCommand?: string | undefined
}

/**
 * The environment that sshd gives a program: USER LOGNAME HOME PATH SHELL, MAIL where there is a mailbox, TERM with a
 * terminal, SSH_CLIENT, SSH_CONNECTION, and SSH_ORIGINAL_COMMAND when a command is forced. The server's own environment is not inherited,
 * and a client cannot override what is set here. SSH_TTY is set by whoever opens the terminal.
 */
export function sessionEnvironment(options: SessionEnvironmentOptions): Record<string, string> {
  const { account, host, peer, clientEnv, pty, originalCommand } = options
  return {
    ...clientEnv,
    USER: account.user,
    LOGNAME: account.user,
    HOME: account.home,
    PATH: account.path,
    ...(account.mail === undefined ? {} : { MAIL: account.mail }),
    SHELL: account.shell,
    ...(pty === undefined || pty.term === '' ? {} : { TERM: pty.term }),
    SSH_CLIENT: `${peer.address} ${String(peer.port)} ${String(host.port)}`,
    SSH_CONNECTION: `${peer.address} ${String(peer.port)} ${host.address} ${String(host.port)}`,
    ...(originalCommand === undefined ? {} : { SSH_ORIGINAL_COMMAND: originalCommand }),
  }
}
