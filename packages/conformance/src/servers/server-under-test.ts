/** Whose behaviour a server shows: the reference's, ours, or that of the code people write without Hawse. */
export type ServerKind = 'sshd' | 'hawse' | 'byHand'

/** Where a server is, and who it lets in. */
export interface ReachableServer {
  readonly host: string
  readonly port: number
  /** The account that logs in and whose programs run. */
  readonly user: string
  /** Private key that the server accepts for `user`. */
  readonly clientKeyFile: string
  /** Known-hosts file with the server's host key. */
  readonly knownHostsFile: string
}

/** A server that the scenarios are run against, listening on the loopback interface. */
export interface ServerUnderTest extends ReachableServer {
  /** What it is called in the names of tests. */
  readonly name: string
  readonly kind: ServerKind
  /** The user id of the account that logs in. */
  readonly userId: number
  /** What the server has logged so far. */
  readonly log: () => string
  /** Ends the server and every process under it, and removes its files. */
  readonly stop: () => Promise<void>
}

/** Options that make the OpenSSH client programs (ssh, scp, sftp) reach the server and nothing else. */
export function clientOptions(server: ReachableServer): readonly string[] {
  const settings = {
    BatchMode: 'yes',
    ConnectTimeout: '180',
    GlobalKnownHostsFile: '/dev/null',
    IdentitiesOnly: 'yes',
    IdentityAgent: 'none',
    IdentityFile: server.clientKeyFile,
    LogLevel: 'ERROR',
    Port: String(server.port),
    StrictHostKeyChecking: 'yes',
    User: server.user,
    UserKnownHostsFile: server.knownHostsFile,
  }
  return [
    '-F',
    'none',
    ...Object.entries(settings).flatMap(([key, value]) => ['-o', `${key}=${value}`]),
  ]
}

/** Arguments of `ssh` for batch use: `options` first, for OpenSSH takes the first value of a setting. */
export function sshArguments(
  server: ReachableServer,
  command: readonly string[],
  options: readonly string[] = [],
): readonly string[] {
  return [...options, ...clientOptions(server), server.host, ...command]
}
