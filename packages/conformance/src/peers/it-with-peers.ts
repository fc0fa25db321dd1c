import { it } from '@jest/globals'
import { missingPeerReason } from './missing-peer'

/**
 * A test that needs programs of the system. Where one is missing the test is skipped under a name that says
 * what to install; with `CI=true` it fails instead, so that nothing goes untested unnoticed.
 */
export function itWithPeers(
  name: string,
  programs: readonly string[],
  run: () => Promise<void>,
  boundMs?: number,
): void {
  itUnless(missingPeerReason(programs), name, run, boundMs)
}

/** A test that runs unless there is a reason why it cannot; then it is skipped, or with `CI=true` fails. */
export function itUnless(
  reason: string | undefined,
  name: string,
  run: () => Promise<void>,
  boundMs?: number,
): void {
  if (reason === undefined) it(name, run, boundMs)
  else if (process.env['CI'] === 'true') it(name, () => Promise.reject(new Error(reason)))
  else it.skip(`${name} [${reason}]`, run)
}
