import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { makeTemporaryFolder } from '../peers/temporary-folder'
import { currentAccount, sessionAccount, type Account } from './account'
import { makeServerKeys, writeKnownHosts } from './keys'
import type { ServerUnderTest } from './server-under-test'
import { startServerProcess, type ServerProcess } from './server-process'
import { findSftpServer } from './sftp-server'

/** Choices for the example server. */
export interface ExampleSshdOptions {
  /** Account that the server runs as, and whose user name logs in. */
  readonly account?: Account
  /** More arguments of the program, such as `['--on-disconnect', 'hangUp']`. */
  readonly args?: readonly string[]
  /** More of its environment, beside PATH. */
  readonly environment?: Readonly<Record<string, string>>
}

/** Starts the example server, as the reference's account where that one can read the program. */
export async function startExampleSshd(options: ExampleSshdOptions = {}): Promise<ServerUnderTest> {
  const program = exampleProgram()
  const account = options.account ?? readableBy(program, sessionAccount())
  const folder = await makeTemporaryFolder()
  const keys = makeServerKeys(folder, account)
  const args = [program, ...serverArguments(keys), ...(options.args ?? [])]
  const server = startServerProcess(process.execPath, args, {
    cwd: '/',
    env: { ...serverEnvironment(account), ...options.environment },
    ...identity(account),
  })
  const { host, port } = await listeningAddress(server)
  return {
    name: 'Hawse example sshd',
    kind: 'hawse',
    host,
    port,
    user: account.user,
    userId: account.userId,
    clientKeyFile: keys.clientKeyFile,
    knownHostsFile: writeKnownHosts(folder, keys, host, port),
    log: server.log,
    stop: async () => {
      await server.kill()
      await folder.remove()
    },
  }
}

function serverArguments(keys: {
  hostKeyFile: string
  authorizedKeysFile: string
}): readonly string[] {
  return [
    ...['--listen', '127.0.0.1:0'],
    ...['--host-key', keys.hostKeyFile],
    ...['--authorized-keys', keys.authorizedKeysFile],
    ...['--subsystem', `sftp=${findSftpServer()}`],
  ]
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
  throw new Error(`the example server ended before it listened; it logged: ${server.log()}`)
}

/** The built example, found from where the tests run: the root of the repository or a package of it. */
function exampleProgram(): string {
  const path = join('examples', 'sshd', 'dist', 'main.js')
  let folder = process.cwd()
  while (!existsSync(join(folder, path)) && dirname(folder) !== folder) folder = dirname(folder)
  const program = join(folder, path)
  if (existsSync(program)) return program
  throw new Error(`${path} is not built: run "pnpm build" in the root of the repository`)
}

/** The account if it can run Node.js and read the program; otherwise whoever runs the tests. */
function readableBy(program: string, account: Account): Account {
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
