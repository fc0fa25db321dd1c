import { openIdentity, stateFolderPath } from '@hawse/example-kit'
import { userInfo } from 'node:os'
import { join } from 'node:path'
import { parseConfig, type Config } from './config'

/** What the gateway is where nobody says otherwise, and how to reach it. */
export interface DefaultGateway {
  readonly config: Config
  /** The account of whoever started it, who may go everywhere. */
  readonly user: string
  readonly knownHostsFile: string
  readonly clientKeyFile: string
}

/**
 * The example `sshd` of this repository is its one host, as `sshd`, reached by the key that this server lets in. Keys
 * are made on first use.
 */
export function defaultGateway(): DefaultGateway {
  const { username: user, uid, homedir: home } = userInfo()
  const folderOf = (name: string): string =>
    stateFolderPath(process.env['XDG_STATE_HOME'], home, name)
  const sshd = openIdentity(folderOf('hawse'), { uid, home }, [])
  const folder = folderOf('hawse-gateway')
  const { knownHostsFile, clientKeyFile, clientKey } = openIdentity(folder, { uid, home }, [])
  const keys = [`${clientKey.type} ${clientKey.getPublicSSH().toString('base64')}`]
  const value = {
    listen: '127.0.0.1:2223',
    hostKey: 'host_ed25519',
    upstreamKey: sshd.clientKeyFile,
    knownHosts: sshd.knownHostsFile,
    recordings: 'recordings',
    users: { [user]: { keys, hosts: ['*'] }, admin: { keys, isAdmin: true } },
    hosts: { sshd: { address: '127.0.0.1', port: 2222, user } },
  }
  const config = parseConfig(JSON.stringify(value), join(folder, 'the default configuration'))
  return { config, user, knownHostsFile, clientKeyFile }
}
