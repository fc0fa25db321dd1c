import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { findInRepository } from '../servers/node-server'
import type { ServerUnderTest } from '../servers/server-under-test'
import type { SshClient } from './client'
import { makeClientHome } from './client-home'
import { compiledProgram, type Compiler } from './compiled-program'
import { debianGo, debianGoFolder, debianPython, debianPythonModules } from './debian-languages'

/** A library, and the small ssh-like command on it that is found in `clients`. */
interface Library {
  readonly name: string
  readonly programs: readonly string[]
  /** The Debian packages that bring it, each with a file of it; none where it is a dependency of ours. */
  readonly packages: Readonly<Record<string, string>>
  /** What to run: a program, and the arguments that come first. */
  readonly program: () => ProgramStart | Promise<ProgramStart>
  /** What it shows of a program that died by SIGTERM. */
  readonly stderrOfDeath: string
  readonly version?: () => string
}

type ProgramStart = readonly [command: string, ...args: string[]]

const goCompiler = debianGo(() => clientFile('go_client.go'))

const libsshCompiler = cCompiler('libssh_client.c', '-lssh')

const libssh2Compiler = cCompiler('libssh2_client.c', '-lssh2')

function cCompiler(source: string, library: string): Compiler {
  return {
    command: 'gcc',
    args: (output) => ['-o', output, clientFile(source), library],
    environment: () => ({}),
  }
}

const libraries: readonly Library[] = [
  {
    name: 'paramiko',
    programs: ['python3'],
    packages: { 'python3-paramiko': `${debianPythonModules}/paramiko/__init__.py` },
    program: () => [debianPython, clientFile('paramiko_client.py')],
    stderrOfDeath: '',
  },
  {
    name: 'AsyncSSH',
    programs: ['python3'],
    packages: { 'python3-asyncssh': `${debianPythonModules}/asyncssh/__init__.py` },
    program: () => [debianPython, clientFile('asyncssh_client.py')],
    stderrOfDeath: 'died of TERM\n',
  },
  {
    name: 'Twisted Conch',
    programs: ['python3'],
    packages: { 'python3-twisted': `${debianPythonModules}/twisted/conch/__init__.py` },
    program: () => [debianPython, clientFile('twisted_client.py')],
    stderrOfDeath: 'died of TERM\n',
  },
  {
    name: 'Go x/crypto/ssh',
    programs: ['go'],
    packages: {
      'golang-golang-x-crypto-dev': `${debianGoFolder}/src/golang.org/x/crypto/ssh/session.go`,
    },
    program: async () => [await compiledProgram(goCompiler)],
    stderrOfDeath: 'died of TERM\n',
    version: () => debianVersion('golang-golang-x-crypto-dev'),
  },
  {
    name: 'Net::SSH',
    programs: ['ruby'],
    // Gems lie in folders with a version in their names; the list of a package's files does not.
    packages: { 'ruby-net-ssh': '/var/lib/dpkg/info/ruby-net-ssh.list' },
    program: () => ['ruby', clientFile('net_ssh_client.rb')],
    stderrOfDeath: 'died of TERM\n',
  },
  {
    name: 'libssh',
    programs: ['gcc'],
    packages: { 'libssh-dev': '/usr/include/libssh/libssh.h' },
    program: async () => [await compiledProgram(libsshCompiler)],
    stderrOfDeath: 'died of TERM\n',
  },
  {
    name: 'libssh2',
    programs: ['gcc'],
    packages: { 'libssh2-1-dev': '/usr/include/libssh2.h' },
    program: async () => [await compiledProgram(libssh2Compiler)],
    stderrOfDeath: 'died of TERM\n',
  },
  {
    name: 'ssh2',
    programs: [],
    packages: {},
    program: () => [process.execPath, clientFile('ssh2-client.mjs')],
    stderrOfDeath: 'died of SIGTERM\n',
  },
]

/** Clients that people write on a library, with the smallest such program for each. */
export const libraryClients: readonly SshClient[] = libraries.map(libraryClient)

function libraryClient(library: Library): SshClient {
  return {
    name: library.name,
    programs: library.programs,
    missing: () => missingLibrary(library),
    version: () => versionOf(library),
    cannot: {},
    deathBySignal: { code: 255, stderr: library.stderrOfDeath },
    prepare: async (server, folder) => {
      const environment = makeClientHome(folder)
      const [command, ...args] = await library.program()
      return (remoteCommand, { terminal } = {}) => {
        const size = terminal === undefined ? 'none' : `${terminal.columns}x${terminal.rows}`
        const remote = remoteCommand === undefined ? [] : [remoteCommand]
        return { command, args: [...args, ...reach(server), size, ...remote], environment }
      }
    },
  }
}

function reach(server: ServerUnderTest): readonly string[] {
  const { host, port, user, clientKeyFile, knownHostsFile } = server
  return [host, String(port), user, clientKeyFile, knownHostsFile]
}

function missingLibrary({ name, packages }: Library): string | undefined {
  const missing = Object.keys(packages).filter((key) => !existsSync(packages[key] ?? ''))
  if (missing.length === 0) return undefined
  return `${name} not complete: install the Debian package ${missing.join(', ')}`
}

async function versionOf(library: Library): Promise<string> {
  if (missingLibrary(library) !== undefined) return 'not installed'
  if (library.version !== undefined) return library.version()
  const [command, ...args] = await library.program()
  const env = { ...process.env, PYTHONDONTWRITEBYTECODE: '1', PYTHONWARNINGS: 'ignore' }
  return execFileSync(command, [...args, '--version'], { encoding: 'utf8', env }).trim()
}

/** For a library that does not know its own version. */
function debianVersion(name: string): string {
  return execFileSync('dpkg-query', ['-W', '-f', '${Version}', name], { encoding: 'utf8' })
}

function clientFile(name: string): string {
  const path = join('packages', 'conformance', 'clients', name)
  return findInRepository(path, 'run this from within the repository')
}
