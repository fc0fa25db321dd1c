import { chmod } from 'node:fs/promises'
import { startExampleSshd } from '../servers/example-sshd'
import { findInRepository, type RunningNodeServer } from '../servers/node-server'

/** What a lost client means for its program, as the server is told. */
export type DisconnectPolicy = 'sshd' | 'terminate'

/** Starts the example server with the probe that tells what it holds. */
export async function startSoakServer(
  policy: DisconnectPolicy,
  args: readonly string[] = [],
): Promise<RunningNodeServer> {
  const probe = findInRepository('packages/conformance/soak/server-probe.cjs', 'restore it')
  await chmod(probe, 0o644)
  return startExampleSshd({
    // Hundreds log in at once, all from one address.
    args: ['--on-disconnect', policy, '--max-unauthenticated', '1000', ...args],
    environment: { NODE_OPTIONS: `--require ${probe}` },
  })
}
