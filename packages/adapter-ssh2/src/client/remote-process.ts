import {
  processOverChannel,
  remoteProgram,
  type ProcessPort,
  type RemoteProgramOptions,
} from '@hawse/core'
import type { Ssh2Client } from '../ssh2-shapes'
import { openSession } from './open-session'

/**
 * A program on another host, over the connection of an ssh2 client, as a process port like any other.
 *
 * The channel is opened by `process.start`; the client has to be 'ready' by then, and is not ended with the process.
 * Many processes share one client. A server that refuses is `process.startFailed`, with what it said; a connection that
 * is lost is an exit of the kind `lost`, and a server that closes without a report one of the kind `unreported`.
 * Throws INVALID_ARGUMENT for options that cannot be sent.
 */
export function remoteProcess(client: Ssh2Client, options: RemoteProgramOptions): ProcessPort {
  return processOverChannel(remoteProgram(options), () => openSession(client))
}
