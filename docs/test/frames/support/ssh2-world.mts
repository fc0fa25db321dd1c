// What a reader has around an ssh2 server: keys, a policy, and somebody who logs in.
import assert from 'node:assert/strict'
import { once } from 'node:events'
import type { AddressInfo, Server as NetServer } from 'node:net'
import ssh2, { type AuthContext, type Connection } from 'ssh2'
import { childProcess } from '@hawse/adapter-node-child'
import { protectConnection, remoteProcess, ssh2Sessions } from '@hawse/adapter-ssh2'
import { run, runSession, type ChannelPort } from '@hawse/core'

export const hostKeys = [ssh2.utils.generateKeyPairSync('ecdsa', { bits: 256 }).private]

/** Lets everybody in, on loopback, for a moment. */
export const yourPolicy = (attempt: AuthContext): void => attempt.accept()

/** Runs a session whose commands are a shell's. */
export const serve = (channel: ChannelPort): unknown =>
  runSession(channel, { exec: ({ command }) => childProcess(['/bin/sh', '-c', command]) })

/** A server that has all of it, listening. */
export async function startServer(): Promise<ssh2.Server> {
  const server = new ssh2.Server({ hostKeys }, (client: Connection) => {
    client.on('authentication', yourPolicy)
    protectConnection(client)
    ssh2Sessions(client).subscribe(serve)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return server
}

/** Logs in, and runs a command whose outputs and exit code must come back. */
export async function checkServer(
  server: Pick<NetServer, 'address' | 'close' | 'listening'>,
): Promise<void> {
  if (!server.listening) await once(server as NetServer, 'listening')
  const { port } = server.address() as AddressInfo
  const client = new ssh2.Client()
  client.connect({ host: '127.0.0.1', port, username: 'me', password: 'any' })
  await once(client, 'ready')
  const command = 'echo out; echo err >&2; exit 3'
  const result = await run(remoteProcess(client, { command }), { shouldReject: false })
  const { stdout, stderr, outcome } = result
  assert.deepEqual(
    { stdout, stderr, outcome },
    { stdout: 'out\n', stderr: 'err\n', outcome: { kind: 'exited', code: 3 } },
  )
  client.end()
  server.close()
}
