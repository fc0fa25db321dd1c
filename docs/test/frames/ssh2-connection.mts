// What is done for each connection of a server; somebody runs a command on one.
import assert from 'node:assert/strict'
import ssh2 from 'ssh2'
import { childProcess } from '@hawse/adapter-node-child'
import { ptyProcess } from '@hawse/adapter-node-pty'
import { ssh2Sessions } from '@hawse/adapter-ssh2'
import { runSession } from '@hawse/core'
import { checkServer, hostKeys, yourPolicy } from '../ssh2-world.mjs'

const logged = new Promise((resolve) => (console.log = (...words) => resolve(words)))
const server = new ssh2.Server({ hostKeys }, (client) => {
  client.on('authentication', yourPolicy)
  // the block
})
server.listen(0, '127.0.0.1')

await checkServer(server)
assert.deepEqual((await logged).slice(0, 2), ['process', { kind: 'exited', code: 3 }])
