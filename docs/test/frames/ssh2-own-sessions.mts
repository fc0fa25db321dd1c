// A server that handles its sessions itself.
import ssh2 from 'ssh2'
import { childProcess } from '@hawse/adapter-node-child'
import { checkServer, hostKeys, yourPolicy } from '../ssh2-world.mjs'

const server = new ssh2.Server({ hostKeys })
server.on('connection', (client) => client.on('authentication', yourPolicy))
server.listen(0, '127.0.0.1')

// the block

await checkServer(server as never)
