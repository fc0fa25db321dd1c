import { chmodSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  clientOptions,
  makeKey,
  makeTemporaryFolder,
  startReferenceSshd,
  type TemporaryFolder,
} from '@hawse/conformance'
import { startServerProcess } from '@hawse/conformance/servers'

type Sshd = Awaited<ReturnType<typeof startReferenceSshd>>

/** A gateway in front of two real `sshd`. */
export interface GatewayUnderTest {
  readonly folder: TemporaryFolder
  readonly upstreams: Readonly<Record<'web1' | 'web2', Sshd>>
  /** Options of `ssh` and its like for a login name, without the host. */
  options(login: string): readonly string[]
  /** Arguments of `ssh` for a login name; options come first. */
  args(login: string, command: readonly string[], options?: readonly string[]): readonly string[]
  /** The recordings so far, by name. */
  recordings(): readonly string[]
  readonly log: () => string
  stop(): Promise<void>
}

const program = join(__dirname, '..', 'dist', 'main.js')
const host = '127.0.0.1'

/** Starts two hosts and the gateway, which lets in ann, bob and admin by one key. */
export async function startGatewayUnderTest(): Promise<GatewayUnderTest> {
  const folder = await makeTemporaryFolder()
  chmodSync(folder.path, 0o755)
  for (const name of ['host_key', 'client_key', 'upstream_key', 'stranger_key'])
    makeKey(folder.file(name))
  const publicKey = (name: string): string => readFileSync(`${folder.file(name)}.pub`, 'utf8')
  writeFileSync(folder.file('authorized_keys'), publicKey('upstream_key'), { mode: 0o644 })
  const [web1, web2] = await Promise.all([startUpstream(folder), startUpstream(folder)])
  const knownHosts = [web1, web2].map(({ knownHostsFile }) => readFileSync(knownHostsFile, 'utf8'))
  // The key of another, for a host whose key has changed.
  const forged = `[localhost]:${web1.port} ${publicKey('stranger_key')}`
  writeFileSync(folder.file('known_upstreams'), [...knownHosts, forged].join(''))
  const keys = [publicKey('client_key').trim()]
  const at = ({ port, user }: Sshd) => ({ address: host, port, user })
  const config = {
    listen: `${host}:0`,
    hostKey: 'host_key',
    upstreamKey: 'upstream_key',
    knownHosts: 'known_upstreams',
    recordings: 'recordings',
    users: {
      ann: { keys, hosts: ['*'] },
      bob: { keys, hosts: ['web2'] },
      admin: { keys, isAdmin: true },
    },
    hosts: {
      web1: at(web1),
      web2: at(web2),
      unknown: { ...at(web1), address: '127.0.0.2' },
      forged: { ...at(web1), address: 'localhost' },
      down: { ...at(web1), port: 1 },
    },
  }
  const known = `[${host}]:1 ${publicKey('stranger_key')}`
  writeFileSync(folder.file('known_upstreams'), known, { flag: 'a' })
  writeFileSync(folder.file('config.json'), JSON.stringify(config))
  const server = startServerProcess(process.execPath, [program, folder.file('config.json')])
  const listening = await server.waitForLog(/listening on \S+:(\d+)/)
  if (listening === undefined) throw new Error(`the gateway did not start: ${server.log()}`)
  const port = Number(listening[1])
  writeFileSync(folder.file('known_hosts'), `[${host}]:${port} ${publicKey('host_key')}`)
  const options = (login: string): readonly string[] =>
    clientOptions({
      host,
      port,
      user: login,
      clientKeyFile: folder.file('client_key'),
      knownHostsFile: folder.file('known_hosts'),
    })
  return {
    folder,
    upstreams: { web1, web2 },
    options,
    args: (login, command, more = []) => [...more, ...options(login), host, ...command],
    recordings: () =>
      readdirSync(folder.file('recordings')).map((name) => folder.file(`recordings/${name}`)),
    log: server.log,
    stop: async () => {
      await server.kill()
      await Promise.all([web1.stop(), web2.stop()])
      await folder.remove()
    },
  }
}

function startUpstream(folder: TemporaryFolder): Promise<Sshd> {
  const configuration = [`AuthorizedKeysFile ${folder.file('authorized_keys')}`]
  return startReferenceSshd({ configuration })
}
