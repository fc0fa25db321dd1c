import { chmodSync, existsSync } from 'node:fs'
import { dirname } from 'node:path'
import {
  compiledProgram,
  debianGo,
  debianGoFolder,
  debianPython,
  debianPythonModules,
  findInRepository,
  findProgram,
  makeServerKeys,
  makeTemporaryFolder,
  startServerProcess,
  writeKnownHosts,
  type Account,
} from '@hawse/conformance/servers'
import type { RunningServer } from './bench-server'

/** A program in `bench/servers`, with arguments HOST_KEY AUTHORIZED_KEYS USER SHELL, that prints where it listens. */
export type PeerCommand = readonly [command: string, ...args: string[]]

const goCompiler = debianGo(() => peerFile('go_server.go'))

/** The path of the server on Go, compiled when it is first wanted, for any account to run. */
export async function goProgram(): Promise<string> {
  const program = await compiledProgram(goCompiler)
  chmodSync(dirname(program), 0o755)
  return program
}

/** Why there is no server on Go here. */
export function missingGo(): string | undefined {
  const packages = [
    ...(findProgram('go') === undefined ? ['golang-go'] : []),
    ...(existsSync(`${debianGoFolder}/src/github.com/gliderlabs/ssh/server.go`)
      ? []
      : ['golang-github-gliderlabs-ssh-dev']),
  ]
  return toInstall(packages)
}

/** Why there is no server on a library of Debian's Python here. */
export function missingPython(module: string, debianPackage: string): string | undefined {
  const isThere = existsSync(`${debianPythonModules}/${module}/__init__.py`)
  return toInstall(isThere && existsSync(debianPython) ? [] : [debianPackage])
}

/** The path of a server program of this package. */
export function peerFile(name: string): string {
  return findInRepository(`bench/servers/${name}`, 'run this from within the repository')
}

/** Starts a server program as an account. */
export async function startPeer(command: PeerCommand, account: Account): Promise<RunningServer> {
  const folder = await makeTemporaryFolder()
  const keys = makeServerKeys(folder, account)
  const [file, ...args] = command
  const server = startServerProcess(
    file,
    [...args, keys.hostKeyFile, keys.authorizedKeysFile, account.user, account.shell],
    { cwd: '/', env: environmentOf(account), inheritsNothing: true, ...identityOf(account) },
  )
  const [, host = '', port] = (await server.waitForLog(/listening on (\S+):(\d+)/)) ?? []
  if (port === undefined) throw new Error(`${file} did not listen: ${server.log()}`)
  return {
    host,
    port: Number(port),
    user: account.user,
    clientKeyFile: keys.clientKeyFile,
    knownHostsFile: writeKnownHosts(folder, keys, host, Number(port)),
    processId: server.processId,
    stop: async () => {
      await server.kill()
      await folder.remove()
    },
  }
}

function environmentOf({ user, home }: Account): Readonly<Record<string, string>> {
  return {
    HOME: home,
    LOGNAME: user,
    PATH: process.env['PATH'] ?? '',
    PYTHONDONTWRITEBYTECODE: '1',
    PYTHONWARNINGS: 'ignore',
    USER: user,
  }
}

function identityOf({ userId, groupId }: Account): { uid?: number; gid?: number } {
  return process.getuid?.() === 0 && userId !== 0 ? { uid: userId, gid: groupId } : {}
}

function toInstall(packages: readonly string[]): string | undefined {
  return packages.length === 0 ? undefined : `install the Debian package ${packages.join(', ')}`
}
