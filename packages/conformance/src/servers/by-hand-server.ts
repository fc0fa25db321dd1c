import { startNodeServer, type NodeServer, type RunningNodeServer } from './node-server'
import { findSftpServer } from './sftp-server'

/** Choices for the server by hand. */
export type ByHandOptions = Pick<NodeServer, 'account' | 'inheritsNothing'>

/**
 * Starts the server that people write by hand: `by-hand/server.mjs`, which joins the public APIs of ssh2,
 * child_process and node-pty.
 *
 * It shows what each scenario guards against. An exception in one of its sessions ends it for all, so whoever runs
 * many scenarios starts one for each. It runs as the reference's account unless told otherwise.
 */
export function startByHandServer(options: ByHandOptions = {}): Promise<RunningNodeServer> {
  return startNodeServer({
    name: 'server by hand',
    kind: 'byHand',
    path: 'packages/conformance/by-hand/server.mjs',
    advice: 'run the tests inside the repository',
    ...options,
    args: ({ hostKeyFile, authorizedKeysFile }) => [
      hostKeyFile,
      authorizedKeysFile,
      findSftpServer(),
    ],
  })
}
