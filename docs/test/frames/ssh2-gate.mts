// A server behind a gate, in front of the same.
import { checkServer, hostKeys, serve, yourPolicy } from '../ssh2-world.mjs'

// the block

await checkServer(listener)
