import {
  makeTemporaryFolder,
  runClient,
  startClient,
  startReferenceSshd,
  type ClientOptions,
  type ClientResult,
  type ServerUnderTest,
  type TemporaryFolder,
} from '@hawse/conformance'
import type { ChildProcess } from 'node:child_process'
import { chmodSync } from 'node:fs'
import { join } from 'node:path'

/** The program, as built. */
export const program = join(__dirname, '..', 'dist', 'main.js')

/** Several hosts, each with an sshd of its own, as hosts that a user has keys of and knows. */
export interface HostsUnderTest {
  readonly servers: readonly ServerUnderTest[]
  /** `user@host:port` of each. */
  readonly names: readonly string[]
  /** Options that bring the keys, and where the hosts are known. */
  readonly options: readonly string[]
  readonly folder: TemporaryFolder
  /** Runs the program with these arguments, and nothing that is not named. */
  run(args: readonly string[], options?: ClientOptions): Promise<ClientResult>
  /** The same, to be looked at while it runs. */
  start(args: readonly string[]): ChildProcess
  stop(): Promise<void>
}

/** Starts so many of OpenSSH's servers. */
export async function startHosts(count: number): Promise<HostsUnderTest> {
  const folder = await makeTemporaryFolder()
  // The commands are another account's.
  chmodSync(folder.path, 0o777)
  const servers: ServerUnderTest[] = []
  for (let index = 0; index < count; index += 1) servers.push(await startReferenceSshd())
  const environment = { HOME: folder.path, SSH_AUTH_SOCK: '' }
  return {
    servers,
    names: servers.map(({ user, host, port }) => `${user}@${host}:${port}`),
    options: servers.flatMap(({ clientKeyFile, knownHostsFile }) => [
      ...['-i', clientKeyFile, '--known-hosts', knownHostsFile],
    ]),
    folder,
    run: (args, options = {}) =>
      runClient(process.execPath, [program, ...args], {
        ...options,
        environment: { ...environment, ...options.environment },
      }),
    start: (args) => startClient(process.execPath, [program, ...args], { environment }),
    stop: async () => {
      for (const server of servers) await server.stop()
      await folder.remove()
    },
  }
}

/** The rows of the table at the end, by host. */
export function tableOf({ stderr }: Pick<ClientResult, 'stderr'>): ReadonlyMap<string, string> {
  const [, table = ''] = stderr.toString().split(/^HOST .*\n/m)
  const rows = table.trimEnd().split('\n')
  return new Map(rows.map((row) => [row.split(' ')[0] ?? '', row.replace(/^\S+\s+/, '')]))
}

/** The lines of one host, without its name. */
export function linesOf(output: Buffer, name: string): readonly string[] {
  return output
    .toString()
    .split('\n')
    .filter((line) => line.startsWith(`${name}: `))
    .map((line) => line.slice(name.length + 2))
}
