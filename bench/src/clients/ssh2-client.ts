import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { connect } from 'node:net'
import type { ReachableServer } from '@hawse/conformance/servers'
import ssh2, { type Algorithms, type Client, type ClientChannel } from 'ssh2'
import { withinBound } from '../run/cost'

/** The same algorithms with every server; the last cipher and its MAC are for Conch, which has no GCM. */
const algorithms: Algorithms = {
  cipher: ['aes128-gcm@openssh.com', 'aes128-ctr'],
  hmac: ['hmac-sha2-256'],
  compress: ['none'],
  kex: ['curve25519-sha256', 'curve25519-sha256@libssh.org'],
  serverHostKey: ['ssh-ed25519'],
}

const readyTimeoutMs = 60_000

/** Connects and logs in by key. Small packets leave at once: no time of the client's own is measured. */
export async function connectClient(server: ReachableServer): Promise<Client> {
  const socket = connect(server.port, server.host)
  socket.setNoDelay(true)
  const client = new ssh2.Client()
  // What goes wrong is seen by whoever waits; of a connection that is given up nobody does.
  client.on('error', () => undefined)
  client.once('close', () => closedClients.add(client))
  const ready = once(client, 'ready')
  client.connect({
    sock: socket,
    username: server.user,
    privateKey: readFileSync(server.clientKeyFile),
    readyTimeout: readyTimeoutMs,
    algorithms,
  })
  await ready
  return client
}

/** Starts a command. */
export function startCommand(client: Client, command: string): Promise<ClientChannel> {
  return new Promise((resolve, reject) => {
    client.exec(command, (error, channel) => {
      if (error === undefined) resolve(channel)
      else reject(error)
    })
  })
}

/** Runs a command that prints nothing; rejects where it does not end with 0. */
export function runCommand(client: Client, command: string): Promise<void> {
  return new Promise((resolve, reject) => {
    client.exec(command, (error, channel) => {
      if (error !== undefined) return reject(error)
      // The exit may be told in the same tick.
      let code: unknown = 'no code'
      channel.on('exit', (reported: unknown) => (code = reported))
      channel.once('close', () => {
        if (code === 0) resolve()
        else reject(new Error(`the command ended with ${String(code)}`))
      })
      channel.resume()
      channel.stderr.resume()
    })
  })
}

/** Ends a connection and waits for its end. */
export async function endClient(client: Client): Promise<void> {
  if (closedClients.has(client)) return
  const closed = once(client, 'close')
  client.end()
  await closed
}

/** Of a connection that is gone no end is told again. */
const closedClients = new WeakSet<Client>()

/** Starts a command that prints `ready` and then waits; resolves once it has printed. */
export async function startReady(client: Client, command: string): Promise<ClientChannel> {
  const channel = await startCommand(client, `echo ready; ${command}`)
  await withinBound(once(channel, 'data'), readyTimeoutMs, () => client.destroy())
  return channel
}
