import { readFileSync, writeFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import ssh2 from 'ssh2'
import { ssh2Sessions } from '@hawse/adapter-ssh2'
import {
  makeKey,
  makeTemporaryFolder,
  sshArguments,
  type TemporaryFolder,
} from '@hawse/conformance'
import { runSession, type SessionHandlers } from '@hawse/core'

/** A server of the test's own handlers, for the real `ssh`. */
export interface SshServer {
  readonly folder: TemporaryFolder
  /** Arguments of `ssh`; options come first. */
  args(command: readonly string[], options?: readonly string[]): readonly string[]
  stop(): Promise<void>
}

/** Starts a server on loopback that lets in whoever has its client key, and runs these handlers. */
export async function startSshServer(handlers: SessionHandlers): Promise<SshServer> {
  const folder = await makeTemporaryFolder()
  const hostKeyFile = folder.file('host_key')
  const clientKeyFile = folder.file('client_key')
  makeKey(hostKeyFile)
  makeKey(clientKeyFile)
  const options = { hostKeys: [readFileSync(hostKeyFile)], ident: 'OpenSSH_9.9 test' }
  const connections = new Set<ssh2.Connection>()
  const server = new ssh2.Server(options, (client) => {
    connections.add(client)
    client.on('authentication', (attempt) => {
      if (attempt.method === 'publickey') attempt.accept()
      else attempt.reject(['publickey'])
    })
    ssh2Sessions(client).subscribe((channel) => void runSession(channel, handlers))
  })
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const knownHostsFile = folder.file('known_hosts')
  writeFileSync(knownHostsFile, `[127.0.0.1]:${port} ${readFileSync(`${hostKeyFile}.pub`, 'utf8')}`)
  const reachable = { host: '127.0.0.1', port, user: 'me', clientKeyFile, knownHostsFile }
  return {
    folder,
    args: (command, sshOptions = []) => sshArguments(reachable, command, sshOptions),
    stop: async () => {
      for (const connection of connections) connection.end()
      await new Promise<void>((resolve) => void server.close(() => resolve()))
      await folder.remove()
    },
  }
}
