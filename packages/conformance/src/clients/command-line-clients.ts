import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import type { TemporaryFolder } from '@hawse/port-conformance'
import { toolVersion } from '../peers/tool-versions'
import { hostKeyFingerprint } from '../scenarios/tools/host-key-fingerprint'
import { clientOptions, type ServerUnderTest } from '../servers/server-under-test'
import type { SshClient } from './client'
import { makeClientHome } from './client-home'

/** OpenSSH's own client. */
export const opensshClient: SshClient = {
  ...programClient('ssh', ['ssh']),
  deathBySignal: { code: 255, stderr: '' },
  prepare: (server, folder) => {
    const environment = makeClientHome(folder)
    return (command, { terminal } = {}) => ({
      command: 'ssh',
      args: [terminalFlag(terminal), ...clientOptions(server), server.host, ...optional(command)],
      environment,
    })
  },
}

/** Dropbear's client: it wants a key of its own format, and knows hosts from its home folder, without ports. */
export const dropbearClient: SshClient = {
  ...programClient('dbclient', ['dbclient', 'dropbearconvert']),
  deathBySignal: { code: 0, stderr: '' },
  prepare: (server, folder) => {
    const environment = makeClientHome(folder)
    const key = folder.file('client_key.dropbear')
    const files = [server.clientKeyFile, key]
    execFileSync('dropbearconvert', ['openssh', 'dropbear', ...files], { stdio: 'pipe' })
    writeFileSync(folder.file('home/.ssh/known_hosts'), portlessKnownHost(server))
    const options = ['-i', key, '-p', String(server.port), '-l', server.user]
    return (command, { terminal } = {}) => ({
      command: 'dbclient',
      args: [terminalFlag(terminal), ...options, server.host, ...optional(command)],
      environment,
    })
  },
}

/** PuTTY's client: it wants a key of its own format, and the host key's fingerprint. */
export const plinkClient: SshClient = {
  ...programClient('plink', ['plink', 'puttygen']),
  deathBySignal: { code: 128, stderr: '' },
  prepare: (server, folder) => {
    const environment = makeClientHome(folder)
    const key = folder.file('client_key.ppk')
    const env = { ...process.env, ...environment }
    execFileSync('puttygen', [server.clientKeyFile, '-o', key], { stdio: 'pipe', env })
    const hostKey = ['-hostkey', `SHA256:${hostKeyFingerprint(server)}`]
    const login = ['-i', key, '-P', String(server.port), '-l', server.user]
    const options = ['-ssh', '-batch', '-noagent', '-no-antispoof', ...hostKey, ...login]
    return (command, { terminal } = {}) => ({
      command: 'plink',
      args: [terminalFlag(terminal), ...options, server.host, ...optional(command)],
      environment,
    })
  },
}

const conchLosesOutput =
  'it closes its own stdout at the end of its input, so what comes after is lost'

/** The program of Twisted Conch, as which it knows hosts without ports; the library is a client of its own. */
export const conchClient: SshClient = {
  ...programClient('conch3', ['conch3']),
  name: 'conch',
  cannot: {
    'end of input': conchLosesOutput,
    transfer: conchLosesOutput,
    shell: conchLosesOutput,
  },
  deathBySignal: { code: 0, stderr: '' },
  prepare: (server, folder) => {
    const environment = makeClientHome(folder)
    const knownHosts = writeKnownHost(server, folder)
    const trust = [`--known-hosts=${knownHosts}`, '--user-authentications=publickey', '-a']
    const login = ['-i', server.clientKeyFile, '-p', String(server.port), '-l', server.user]
    const options = ['-e', 'none', ...trust, ...login]
    return (command, { terminal } = {}) => ({
      command: 'conch3',
      args: [terminalFlag(terminal), ...options, server.host, ...optional(command)],
      environment,
    })
  },
}

type ProgramClient = Pick<SshClient, 'name' | 'programs' | 'missing' | 'version' | 'cannot'>

function programClient(name: string, programs: readonly string[]): ProgramClient {
  return {
    name,
    programs,
    missing: () => undefined,
    version: () => toolVersion(name) ?? 'not installed',
    cannot: {},
  }
}

function terminalFlag(terminal: object | undefined): string {
  return terminal === undefined ? '-T' : '-t'
}

function optional(command: string | undefined): readonly string[] {
  return command === undefined ? [] : [command]
}

function writeKnownHost(server: ServerUnderTest, folder: TemporaryFolder): string {
  const file = folder.file('known_hosts')
  writeFileSync(file, portlessKnownHost(server))
  return file
}

/** The server's line of known hosts, for clients that do not tell its ports apart. */
function portlessKnownHost({ host, knownHostsFile }: ServerUnderTest): string {
  const [, type = '', key = ''] = readFileSync(knownHostsFile, 'utf8').trim().split(' ')
  return `${host} ${type} ${key}\n`
}
