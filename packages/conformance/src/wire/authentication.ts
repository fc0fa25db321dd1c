import type { ClientKey } from './client-key'
import { boolean, byte, string } from './fields'

/** Who logs in, and where. */
export interface Login {
  readonly user: string
  readonly key: ClientKey
  readonly sessionId: Buffer
}

/** Message numbers of authentication (RFC 4252 section 6, RFC 4253 section 12). */
const numbers = { serviceRequest: 5, serviceAccept: 6, request: 50, failure: 51, success: 52 }

/** Logs in by public key (RFC 4252 section 7); throws where the server lets nobody in. */
export async function authenticate(
  { user, key, sessionId }: Login,
  send: (payload: Uint8Array) => void,
  next: (...messageNumbers: readonly number[]) => Promise<Buffer>,
): Promise<void> {
  send(Buffer.concat([byte(numbers.serviceRequest), string('ssh-userauth')]))
  await next(numbers.serviceAccept)
  const request = Buffer.concat([
    byte(numbers.request),
    ...[user, 'ssh-connection', 'publickey'].map(string),
    boolean(true),
    string('ssh-ed25519'),
    string(key.publicKey),
  ])
  const signature = key.sign(Buffer.concat([string(sessionId), request]))
  send(Buffer.concat([request, string(signature)]))
  const answer = await next(numbers.success, numbers.failure)
  if (answer[0] !== numbers.success) throw new Error(`the server does not let ${user} in`)
}
