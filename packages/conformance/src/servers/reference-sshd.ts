import { spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { makeTemporaryFolder, type TemporaryFolder } from '@hawse/port-conformance'
import { findProgram, missingPeerReason } from '../peers/missing-peer'
import { sessionAccount, type Account } from './account'
import { makeServerKeys, writeKnownHosts, type ServerKeys } from './keys'
import type { ServerUnderTest } from './server-under-test'
import { startServerProcess, type ServerProcess } from './server-process'
import { findSftpServer } from './sftp-server'

/** Choices for the reference server. */
export interface ReferenceSshdOptions {
  /** Account that logs in; an unprivileged one by default. */
  readonly account?: Account
  /** Lines to put first in its configuration, such as `ForceCommand id`: sshd takes the first value. */
  readonly configuration?: readonly string[]
  /** Whether it is given no descriptor but its outputs. */
  readonly inheritsNothing?: boolean
}

/** The reference server while it runs. */
export interface RunningSshd extends ServerUnderTest {
  readonly processId: number
}

const host = '127.0.0.1'

/** Attempts at a free port: another program may take it between our finding it and sshd's binding it. */
const portAttempts = 5

/** Starts OpenSSH's own `sshd` with a configuration, keys and a port of its own. */
export async function startReferenceSshd(options: ReferenceSshdOptions = {}): Promise<RunningSshd> {
  const reason = missingPeerReason(['sshd', 'ssh-keygen'])
  if (reason !== undefined) throw new Error(`the reference server cannot start: ${reason}`)
  const account = options.account ?? sessionAccount()
  const folder = await makeTemporaryFolder()
  const keys = makeServerKeys(folder, { ...account, userId: process.getuid?.() ?? account.userId })
  const { server, port } = await startOnFreePort(folder, keys, options)
  return {
    name: 'OpenSSH sshd',
    kind: 'sshd',
    host,
    port,
    user: account.user,
    userId: account.userId,
    clientKeyFile: keys.clientKeyFile,
    knownHostsFile: writeKnownHosts(folder, keys, host, port),
    processId: server.processId,
    log: server.log,
    stop: async () => {
      await server.kill()
      await folder.remove()
    },
  }
}

async function startOnFreePort(
  folder: TemporaryFolder,
  keys: ServerKeys,
  { configuration = [], inheritsNothing }: ReferenceSshdOptions,
): Promise<{ server: ServerProcess; port: number }> {
  makePrivilegeSeparationFolder()
  const env = { ...process.env, SERVER_SECRET: 'not for programs' }
  for (let attempt = 0; attempt < portAttempts; attempt += 1) {
    const port = await findFreePort()
    const file = writeConfiguration(folder, keys, port, configuration)
    const start = { env, inheritsNothing }
    const server = startServerProcess(sshdFile(), ['-D', '-e', '-f', file], start)
    if ((await server.waitForLog(/Server listening on/)) !== undefined) return { server, port }
    if (!server.log().includes('Address already in use')) {
      throw new Error(`sshd did not start; it logged: ${server.log()}`)
    }
  }
  throw new Error(`sshd found no free port in ${portAttempts} attempts`)
}

/** sshd insists on this folder, which a service manager makes elsewhere. */
function makePrivilegeSeparationFolder(): void {
  if (process.getuid?.() === 0) mkdirSync('/run/sshd', { recursive: true, mode: 0o755 })
}

function writeConfiguration(
  folder: TemporaryFolder,
  keys: ServerKeys,
  port: number,
  configuration: readonly string[],
): string {
  const file = folder.file('sshd_config')
  const lines = [...configuration, ...configurationLines(folder, keys, port), ...newerLines(keys)]
  writeFileSync(file, lines.join('\n') + '\n')
  return file
}

function configurationLines(
  folder: TemporaryFolder,
  keys: ServerKeys,
  port: number,
): readonly string[] {
  return [
    `Port ${port}`,
    `ListenAddress ${host}`,
    `HostKey ${keys.hostKeyFile}`,
    `PidFile ${folder.file('sshd.pid')}`,
    `AuthorizedKeysFile ${keys.authorizedKeysFile}`,
    'AuthenticationMethods publickey',
    'StrictModes no',
    'UsePAM no',
    'PrintMotd no',
    'PrintLastLog no',
    'UseDNS no',
    'MaxSessions 20',
    'MaxStartups 100',
    'AcceptEnv LANG LC_*',
    `Subsystem sftp ${findSftpServer()}`,
  ]
}

/** OpenSSH 9.8 and later shut out an address after failed logins; the tests make such logins on purpose. */
function newerLines(keys: ServerKeys): readonly string[] {
  const setting = 'PerSourcePenalties no'
  const check = ['-t', '-f', '/dev/null', '-h', keys.hostKeyFile, '-o', setting]
  return spawnSync(sshdFile(), check).status === 0 ? [setting] : []
}

/** sshd starts itself again for each connection and so wants its absolute path. */
function sshdFile(): string {
  return findProgram('sshd') ?? '/usr/sbin/sshd'
}

async function findFreePort(): Promise<number> {
  const server = createServer().listen(0, host)
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (address === null || typeof address === 'string') throw new Error('no TCP port was given')
  return address.port
}
