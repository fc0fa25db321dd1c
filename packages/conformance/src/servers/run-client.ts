import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { Readable } from 'node:stream'
import { errorCode } from '../peers/error-code'
import { readAll, type OutputReader } from './output-reader'

/** How a client program is run. */
export interface ClientOptions {
  /** Its input, ended after the last byte; an empty input by default, null for one that never ends. */
  readonly input?: string | Uint8Array | Iterable<Uint8Array> | null
  /** Reads its stdout; everything at once by default. */
  readonly stdoutReader?: OutputReader
  /** Reads its stderr; everything at once by default. */
  readonly stderrReader?: OutputReader
  /** Most time it may take, in milliseconds. */
  readonly timeoutMs?: number
  /** More of its environment. */
  readonly environment?: Readonly<Record<string, string>>
  /** Folder that it runs in. */
  readonly folder?: string
}

/** How a client program ended, and what its readers made of its outputs. */
export interface ClientResult {
  /** Exit code; null where a signal ended it. */
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly stdout: Buffer
  readonly stderr: Buffer
}

const defaultTimeoutMs = 300_000

/** Runs a client program to its end; throws with what it said when it takes longer than allowed. */
export async function runClient(
  command: string,
  args: readonly string[],
  options: ClientOptions = {},
): Promise<ClientResult> {
  const child = startClient(command, args, options)
  const timeoutMs = options.timeoutMs ?? defaultTimeoutMs
  const limit = { isExceeded: false }
  const timer = setTimeout(() => {
    limit.isExceeded = true
    child.kill('SIGKILL')
  }, timeoutMs)
  const [stdout, stderr, end] = await Promise.all([
    (options.stdoutReader ?? readAll)(child.stdout as Readable),
    (options.stderrReader ?? readAll)(child.stderr as Readable),
    once(child, 'close') as Promise<[number | null, NodeJS.Signals | null]>,
  ]).finally(() => clearTimeout(timer))
  const result = { code: end[0], signal: end[1], stdout, stderr }
  if (limit.isExceeded)
    throw new Error(`${command} did not end within ${timeoutMs} ms: ${tails(result)}`)
  return result
}

/** Starts a client program with an input; the caller reads its outputs and sees it end. */
export function startClient(
  command: string,
  args: readonly string[],
  options: Pick<ClientOptions, 'input' | 'environment' | 'folder'> = {},
): ChildProcess {
  const child = spawn(command, [...args], {
    env: { ...process.env, ...options.environment },
    ...(options.folder === undefined ? {} : { cwd: options.folder }),
  })
  const { input = '' } = options
  if (input !== null) feed(child, input)
  return child
}

/** A client may end before it has read all of its input: that is its right, and no error of the test. */
function feed(child: ChildProcess, input: string | Uint8Array | Iterable<Uint8Array>): void {
  if (child.stdin === null) return
  child.stdin.on('error', (error) => {
    const code = errorCode(error)
    if (code !== 'EPIPE' && code !== 'ECONNRESET') child.emit('error', error)
  })
  const chunks = typeof input === 'string' || input instanceof Uint8Array ? [input] : input
  Readable.from(chunks, { objectMode: true }).pipe(child.stdin)
}

function tails({ stdout, stderr }: ClientResult): string {
  const tail = (bytes: Buffer): string => JSON.stringify(bytes.subarray(-300).toString('latin1'))
  return `its stdout ended with ${tail(stdout)}, its stderr with ${tail(stderr)}`
}
