import ssh2, { type Client, type ConnectConfig } from 'ssh2'
import { loginMethods, type Credentials } from './credentials'
import { distrust, hostKeyAlgorithms, knownKeysOf, type KnownKey } from './known-hosts'
import type { Target } from './target'

/** How hosts are connected to. */
export interface ConnectOptions {
  readonly credentials: Credentials
  readonly knownHostsFiles: readonly string[]
  readonly timeoutMs: number
}

/** Why a host cannot be run on, in one line. */
export interface ConnectFailure {
  readonly kind: 'unreachable' | 'untrusted' | 'refused'
  readonly message: string
}

/** Connects to a host whose key is known, and logs in; aborting gives it up. Never rejects. */
export async function connect(
  target: Target,
  options: ConnectOptions,
  signal: AbortSignal,
): Promise<Client | ConnectFailure> {
  const known = await knownKeysOf(target, options.knownHostsFiles)
  let untrusted: string | undefined
  const hostVerifier = (key: Buffer): boolean => {
    untrusted = distrust(target, key, known)
    return untrusted === undefined
  }
  const client = new ssh2.Client()
  return new Promise((resolve) => {
    const fail = (failure: ConnectFailure): void => {
      client.destroy()
      resolve(untrusted === undefined ? failure : { kind: 'untrusted', message: untrusted })
    }
    const interrupt = (): void => fail({ kind: 'unreachable', message: 'interrupted' })
    // It stays: an 'error' that comes later is a lost connection, of which the process tells.
    client.on('error', (error) => fail(failureOf(error, target)))
    client.once('close', () => fail({ kind: 'unreachable', message: 'it closed the connection' }))
    client.once('ready', () => {
      signal.removeEventListener('abort', interrupt)
      resolve(client)
    })
    signal.addEventListener('abort', interrupt, { once: true })
    if (signal.aborted) interrupt()
    else client.connect({ ...configFor(target, options, known), hostVerifier })
  })
}

function configFor(
  { host, port, user: username }: Target,
  { credentials, timeoutMs }: ConnectOptions,
  known: readonly KnownKey[],
): ConnectConfig {
  const config = {
    ...{ host, port, username, readyTimeout: timeoutMs, keepaliveInterval: 15_000 },
    authHandler: loginMethods(credentials, username),
    algorithms: { serverHostKey: hostKeyAlgorithms(known) },
  }
  // The types of ssh2 do not know lists of ways to log in.
  return config as unknown as ConnectConfig
}

type Ssh2Error = Error & { readonly level?: string; readonly code?: string }

function failureOf(error: Ssh2Error, { user }: Target): ConnectFailure {
  if (error.level === 'client-authentication') {
    return { kind: 'refused', message: `it lets ${user} in by none of the keys` }
  }
  const message = words[error.code ?? ''] ?? words[error.level ?? ''] ?? error.message
  return { kind: 'unreachable', message }
}

const words: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connection refused',
  ECONNRESET: 'connection reset',
  EHOSTUNREACH: 'no route to it',
  ENETUNREACH: 'no route to it',
  ENOTFOUND: 'its name is not known',
  EAI_AGAIN: 'its name cannot be looked up now',
  ETIMEDOUT: 'it does not answer',
  'client-timeout': 'it does not answer in time',
}
