import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import type * as Ssh2 from 'ssh2'
import {
  missingPeerReason,
  missingTerminalReason,
  plainAccount,
  readableBy,
  findInRepository,
  startExampleSshd,
  startReferenceSshd,
  type ReachableServer,
} from '@hawse/conformance/servers'

/** A server that remote processes are run on. */
export interface RemoteServer extends ReachableServer {
  readonly stop: () => Promise<void>
}

/** The servers that remote processes are tested on. */
export const remoteServers = [
  {
    name: 'sshd',
    missing: () => missingPeerReason(['sshd', 'ssh-keygen']),
    missingTerminal: missingTerminalReason,
    start: startSshd,
  },
  { name: 'Hawse', missing: none, missingTerminal: none, start: startHawse },
] as const

function none(): string | undefined {
  return undefined
}

/** More sessions at once than a test opens. */
const maximumSessions = 100

function startSshd(): Promise<RemoteServer> {
  const configuration = [`MaxSessions ${maximumSessions}`]
  return startReferenceSshd({ account: plainAccount(), configuration })
}

function startHawse(): Promise<RemoteServer> {
  const program = findInRepository('examples/sshd/dist/main.js', 'run "npx pnpm build"')
  const account = readableBy(program, plainAccount())
  return startExampleSshd({ account, args: ['--max-sessions', String(maximumSessions)] })
}

/** A client of ssh2 that is connected and logged in. */
export async function connectClient(
  ssh2: typeof Ssh2,
  server: ReachableServer,
): Promise<Ssh2.Client> {
  const client = new ssh2.Client()
  const ready = once(client, 'ready')
  client.connect({
    host: server.host,
    port: server.port,
    username: server.user,
    privateKey: readFileSync(server.clientKeyFile),
  })
  await ready
  return client
}

/** A command line that a POSIX shell splits into these arguments, and becomes. */
export function commandLine(argv: readonly string[]): string {
  return `exec ${argv.map((argument) => `'${argument.replaceAll("'", `'\\''`)}'`).join(' ')}`
}
