import { childProcess } from '@hawse/adapter-node-child'
import { ssh2Sessions } from '@hawse/adapter-ssh2'
import { runSession } from '@hawse/core'
import {
  generateEd25519Key,
  isProven,
  listen,
  loginAttemptOf,
  offersKey,
  parseKey,
} from '@hawse/example-kit'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import ssh2, { type AuthContext, type Connection, type ParsedKey } from 'ssh2'

/** Servers of this process, and the options that reach them. */
export interface DemoServers {
  readonly hosts: readonly string[]
  readonly options: readonly string[]
}

/** Starts servers on loopback that run commands as this account, for a key that is gone when this process ends. */
export async function startDemoServers(count: number): Promise<DemoServers> {
  const folder = mkdtempSync(join(tmpdir(), 'hawse-run-'))
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
  const [identity, knownHosts] = [join(folder, 'key'), join(folder, 'known_hosts')]
  const [clientKey, hostKey] = [generateEd25519Key('client'), generateEd25519Key('host')]
  writeFileSync(identity, clientKey, { mode: 0o600 })
  writeFileSync(knownHosts, `* ssh-ed25519 ${read(hostKey).getPublicSSH().toString('base64')}\n`)
  const ports = await Promise.all(
    Array.from({ length: count }, () => startServer(hostKey, read(clientKey))),
  )
  return {
    hosts: ports.map((port) => `127.0.0.1:${port}`),
    options: ['-i', identity, '--known-hosts', knownHosts],
  }
}

async function startServer(hostKey: string, clientKey: ParsedKey): Promise<number> {
  const server = new ssh2.Server({ hostKeys: [hostKey], ident: 'OpenSSH_9.9 Hawse' }, (client) =>
    serve(client, clientKey),
  )
  const address = { host: '127.0.0.1', port: 0 }
  return (await listen(address, (socket) => server.injectSocket(socket))).address.port
}

function serve(client: Connection, clientKey: ParsedKey): void {
  client.on('authentication', (context: AuthContext) => {
    const attempt = loginAttemptOf(context)
    if (offersKey(attempt, clientKey) && isProven(clientKey, attempt)) context.accept()
    else context.reject(['publickey'])
  })
  ssh2Sessions(client).subscribe((channel) => {
    runSession(channel, { exec: ({ command }) => childProcess(['/bin/sh', '-c', command]) })
  })
}

function read(text: string): ParsedKey {
  const key = parseKey(text)
  if (key instanceof Error) throw key
  return key
}
