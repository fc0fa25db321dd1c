// A server whose keys and policy are its owner's; somebody logs in and runs a command.
import { checkServer, hostKeys, yourPolicy } from '../ssh2-world.mjs'

// the block

await checkServer(server as never)
