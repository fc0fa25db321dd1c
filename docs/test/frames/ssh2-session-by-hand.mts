// A server that handles its sessions itself: the block is the listener of one.
import { spawn } from 'node:child_process'
import assert from 'node:assert/strict'
import { once } from 'node:events'
import ssh2 from 'ssh2'
import { childProcess } from '@hawse/adapter-node-child'
import { protectConnection, ssh2Channel } from '@hawse/adapter-ssh2'
import { bridge } from '@hawse/core'
import { hostKeys, yourPolicy } from '../ssh2-world.mjs'

const server = new ssh2.Server({ hostKeys }, (client) => {
  protectConnection(client)
  client.on('authentication', yourPolicy)
  client.on('session', (acceptSession) => {
    const session = acceptSession()
    // the block
  })
})
server.listen(0, '127.0.0.1')
await once(server, 'listening')

const client = new ssh2.Client()
const { port } = server.address()
client.connect({ host: '127.0.0.1', port, username: 'me', password: 'any' })
await once(client, 'ready')
const channel = await new Promise((resolve, reject) =>
  client.exec('echo out', (error, opened) => (error ? reject(error) : resolve(opened))),
)
const [bytes] = await once(channel, 'data')
assert.equal(bytes.toString(), 'out\n')
client.end()
server.close()
