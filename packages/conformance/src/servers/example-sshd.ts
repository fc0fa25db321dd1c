import type { Account } from './account'
import { startNodeServer, type RunningNodeServer } from './node-server'
import { findSftpServer } from './sftp-server'

/** Choices for the example server. */
export interface ExampleSshdOptions {
  /** Account that the server runs as, and whose user name logs in. */
  readonly account?: Account
  /** More arguments of the program, such as `['--on-disconnect', 'hangUp']`. */
  readonly args?: readonly string[]
  /** More of its environment, beside PATH. */
  readonly environment?: Readonly<Record<string, string>>
  /** Whether it is given no descriptor but its outputs. */
  readonly inheritsNothing?: boolean
}

/** Starts the example server, as the reference's account where that one can read the program. */
export function startExampleSshd(options: ExampleSshdOptions = {}): Promise<RunningNodeServer> {
  const { account, args = [], environment, inheritsNothing } = options
  return startNodeServer({
    name: 'Hawse example sshd',
    kind: 'hawse',
    path: 'examples/sshd/dist/main.js',
    advice: 'run "pnpm build" in the root of the repository',
    account,
    environment,
    inheritsNothing,
    args: ({ hostKeyFile, authorizedKeysFile }) => [
      ...['--listen', '127.0.0.1:0'],
      ...['--host-key', hostKeyFile],
      ...['--authorized-keys', authorizedKeysFile],
      ...['--subsystem', `sftp=${findSftpServer()}`],
      ...args,
    ],
  })
}
