import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { makeTemporaryFolder } from '@hawse/port-conformance'
import { currentAccount, sessionAccount, type Account } from './account'
import { makeServerKeys, writeKnownHosts, type ServerKeys } from './keys'
import { startServerProcess, type ServerProcess } from './server-process'
import type { ServerUnderTest } from './server-under-test'

/** A server program of this repository that Node.js runs. */
export interface NodeServer extends Pick<ServerUnderTest, 'name' | 'kind'> {
  /** Path of the program, from the root of the repository. */
  readonly path: string
  /** What to do where the program is not there. */
  readonly advice: string
  /** Its arguments, for keys made for it. */
  readonly args: (keys: ServerKeys) => readonly string[]
  /** Account that it runs as, and whose user name logs in; by default the reference's. */
  readonly account?: Account | undefined
  /** More of its environment, beside what a login gives. */
  readonly environment?: Readonly<Record<string, string>> | undefined
  /** Whether it is given no descriptor but its outputs. */
  readonly inheritsNothing?: boolean | undefined
}

/** A server of this repository while it runs. */
export interface RunningNodeServer extends ServerUnderTest {
  readonly processId: number
  /** Resolves at its end with its exit code; null where a signal ended it. */
  readonly ended: Promise<number | null>
}

/**
 * Starts a server program that prints `listening on HOST:PORT`, as the reference's account where that one can read
 * the program, otherwise as whoever runs the tests.
 */
export async function startNodeServer(server: NodeServer): Promise<RunningNodeServer> {
  const program = findInRepository(server.path, server.advice)
  const account = server.account ?? readableBy(program, sessionAccount())
  const folder = await makeTemporaryFolder()
  const keys = makeServerKeys(folder, account)
  const running = startServerProcess(process.execPath, [program, ...server.args(keys)], {
    cwd: '/',
    env: { ...serverEnvironment(account), ...server.environment },
    inheritsNothing: server.inheritsNothing,
    ...identity(account),
  })
  const { host, port } = await listeningAddress(running)
  return {
    name: server.name,
    kind: server.kind,
    host,
    port,
    user: account.user,
    userId: account.userId,
    clientKeyFile: keys.clientKeyFile,
    knownHostsFile: writeKnownHosts(folder, keys, host, port),
    processId: running.processId,
    ended: running.ended,
    log: running.log,
    stop: async () => {
      await running.kill()
      await folder.remove()
    },
  }
}

/** A name that must not reach the programs: nothing of a server's own environment does. */
function serverEnvironment(account: Account): Readonly<Record<string, string>> {
  const { user, home } = account
  const path = process.env['PATH'] ?? ''
  return { PATH: path, HOME: home, USER: user, LOGNAME: user, SERVER_SECRET: 'not for programs' }
}

async function listeningAddress(server: ServerProcess): Promise<{ host: string; port: number }> {
  const match = await server.waitForLog(/listening on (\S+):(\d+)/)
  if (match !== undefined) return { host: match[1] ?? '', port: Number(match[2]) }
  throw new Error(`the server ended before it listened; it logged: ${server.log()}`)
}

/** Found from where the tests run: the root of the repository or a package of it. */
export function findInRepository(path: string, advice: string): string {
  let folder = process.cwd()
  while (!existsSync(join(folder, path)) && dirname(folder) !== folder) folder = dirname(folder)
  const program = join(folder, path)
  if (existsSync(program)) return program
  throw new Error(`${path} is not there: ${advice}`)
}

/** The account if it can run Node.js and read the program; otherwise whoever runs the tests. */
export function readableBy(program: string, account: Account): Account {
  const check = spawnSync(process.execPath, ['--check', program], {
    ...identity(account),
    cwd: '/',
  })
  return check.status === 0 ? account : currentAccount()
}

function identity(account: Account): { uid?: number; gid?: number } {
  if (process.getuid?.() !== 0 || account.userId === 0) return {}
  return { uid: account.userId, gid: account.groupId }
}
