// A host to log in to.
import type { AddressInfo } from 'node:net'
import { startServer } from '../ssh2-world.mjs'

const server = await startServer()
const [host, username, password] = ['127.0.0.1', 'me', 'any']
const { port } = server.address() as AddressInfo

// the block

client.once('close', () => server.close())
