import { startNodeServer } from './node-server'
import type { ServerUnderTest } from './server-under-test'
import { findSftpServer } from './sftp-server'

/**
 * Starts the server that people write by hand: `by-hand/server.mjs`, which joins the public APIs of ssh2,
 * child_process and node-pty.
 *
 * It shows what each scenario guards against. An exception in one of its sessions ends it for all, so whoever runs
 * many scenarios starts one for each.
 */
export function startByHandServer(): Promise<ServerUnderTest> {
  return startNodeServer({
    name: 'server by hand',
    kind: 'byHand',
    path: 'packages/conformance/by-hand/server.mjs',
    advice: 'run the tests inside the repository',
    args: ({ hostKeyFile, authorizedKeysFile }) => [
      hostKeyFile,
      authorizedKeysFile,
      findSftpServer(),
    ],
  })
}
