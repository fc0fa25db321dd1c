import { execFileSync } from 'node:child_process'
import type { ServerUnderTest } from '../../servers/server-under-test'

/** The SHA-256 of a server's host key as tools want it: in base64, without a name before it. */
export function hostKeyFingerprint({ knownHostsFile }: ServerUnderTest): string {
  const line = execFileSync('ssh-keygen', ['-l', '-f', knownHostsFile], { encoding: 'utf8' })
  const fingerprint = /SHA256:(\S+)/.exec(line)?.[1]
  if (fingerprint === undefined) throw new Error(`ssh-keygen gave no fingerprint but ${line}`)
  return fingerprint
}
