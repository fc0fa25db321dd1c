import { spawn, type ChildProcess, type SpawnOptions } from 'node:child_process'
import { closeSync, openSync } from 'node:fs'
import { waitUntil } from '@hawse/port-conformance'
import { errorCode } from '../peers/error-code'
import { descendantsOf } from '../peers/processes'

/** A server program that runs. */
export interface ServerProcess {
  /** 0 where it could not be started. */
  readonly processId: number
  /** Resolves at its end with its exit code; null where a signal ended it. */
  readonly ended: Promise<number | null>
  /** Everything it has written on its stdout and stderr. */
  readonly log: () => string
  /** Waits for a text in the log; gives false when the program ends without it. */
  readonly waitForLog: (pattern: RegExp) => Promise<RegExpExecArray | undefined>
  /** Kills the program and every descendant it has, and waits for its end. */
  readonly kill: () => Promise<void>
}

/** How a server program is started. */
export interface ServerStart extends SpawnOptions {
  /** Whether it is given no descriptor but its outputs, as when its speed is measured. */
  readonly inheritsNothing?: boolean | undefined
}

/** Where every server under test has a descriptor of /dev/full, which none of its programs may see. */
const inheritedDescriptor = 100

/** Starts a server program and collects what it logs. */
export function startServerProcess(
  file: string,
  args: readonly string[],
  { inheritsNothing = false, ...options }: ServerStart = {},
): ServerProcess {
  const start = (inherited: readonly (number | 'ignore')[]): ChildProcess =>
    spawn(file, [...args], { ...options, stdio: ['ignore', 'pipe', 'pipe', ...inherited] })
  const child = inheritsNothing ? start([]) : withInherited(start)
  if (child.stdout === null || child.stderr === null) throw new Error('a server has two outputs')
  let text = ''
  const collect = (chunk: Buffer): void => {
    text += chunk.toString()
  }
  child.stdout.on('data', collect)
  child.stderr.on('data', collect)
  child.on('error', (error) => collect(Buffer.from(`${error.message}\n`)))
  return {
    processId: child.pid ?? 0,
    ended: new Promise((resolve) => child.once('exit', resolve)),
    log: () => text,
    waitForLog: (pattern) => waitForLog(child, () => text, pattern),
    kill: () => killTree(child),
  }
}

function withInherited<Result>(use: (entries: readonly (number | 'ignore')[]) => Result): Result {
  const descriptor = openSync('/dev/full', 'r')
  const gap = Array<'ignore'>(inheritedDescriptor - 3).fill('ignore')
  try {
    return use([...gap, descriptor])
  } finally {
    closeSync(descriptor)
  }
}

async function waitForLog(
  child: ChildProcess,
  log: () => string,
  pattern: RegExp,
): Promise<RegExpExecArray | undefined> {
  await waitUntil(
    () => pattern.test(log()) || hasEnded(child),
    () => `the server should log ${String(pattern)}, it logged: ${log()}`,
  )
  return pattern.exec(log()) ?? undefined
}

async function killTree(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || hasEnded(child)) return
  const processIds = [child.pid, ...descendantsOf(child.pid)]
  processIds.forEach((processId) => killQuietly(processId))
  await waitUntil(
    () => hasEnded(child),
    () => 'the server should end when killed',
  )
}

function hasEnded(child: ChildProcess): boolean {
  return child.pid === undefined || child.exitCode !== null || child.signalCode !== null
}

/** A process may end between being found and being killed: that is what was wanted. */
function killQuietly(processId: number): void {
  try {
    process.kill(processId, 'SIGKILL')
  } catch (error) {
    if (errorCode(error) !== 'ESRCH') throw error
  }
}
