import type { TerminalRequest } from '@hawse/core'
import type { NodePty } from './node-pty'

/** How a program in a terminal is started. */
export interface PtyProcessOptions {
  /** The terminal: its name goes to TERM; size and modes are set before the program starts. */
  readonly pty: TerminalRequest
  /**
   * The whole environment of the program besides TERM; nothing is inherited from this process.
   * `PATH=/usr/local/bin:/usr/bin:/bin` when left out.
   */
  readonly env?: Readonly<Record<string, string>>
  /** Variable that gets the terminal's device name, `SSH_TTY` for example; none when left out. */
  readonly ttyVariable?: string
  /** Working directory; this process's own when left out. */
  readonly cwd?: string
  /** User id to run as; needs privilege. The terminal is given to this user. Supplementary groups are dropped. */
  readonly uid?: number
  /** Group id to run as; needs privilege. */
  readonly gid?: number
  /** What the program sees as its own name; `-bash` makes bash a login shell. */
  readonly argv0?: string
  /** Opens terminals; when left out, `node-pty` or `@lydell/node-pty`, whichever is installed. */
  readonly terminals?: NodePty
}
