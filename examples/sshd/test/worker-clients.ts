import { waitUntil } from '@hawse/conformance'
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { outputWith, type ExampleServer } from './example-server'
import { loggedEvents } from './logged-events'

/** A client whose session runs, and whose input stays open. */
export interface RunningClient {
  readonly child: ChildProcess
  /** The process that serves it, which is the parent of its program. */
  readonly workerProcessId: number
  /** The program of the session. */
  readonly programProcessId: number
  readonly stderr: () => string
  /** Its exit code, or the signal that killed it. */
  readonly ended: Promise<number | string>
}

/** Runs a command that goes on, and waits until it runs. */
export async function runningClient(
  server: ExampleServer,
  command: string,
): Promise<RunningClient> {
  const child = spawn('/bin/sh', ['-c', `exec ${server.line} 'echo $PPID $$ here; ${command}'`])
  child.stdin.on('error', () => undefined)
  let stderr = ''
  child.stderr.on('data', (chunk) => (stderr += String(chunk)))
  const ended = once(child, 'close').then(([code, signal]) => (code ?? signal) as number | string)
  const output = await outputWith(child, 'here\n')
  const [workerProcessId = 0, programProcessId = 0] = output.split(' ').map(Number)
  return { child, workerProcessId, programProcessId, stderr: () => stderr, ended }
}

/** Two clients, one in each worker. */
export async function clientInEachWorker(
  server: ExampleServer,
  command: string,
): Promise<readonly [RunningClient, RunningClient]> {
  const first = await runningClient(server, command)
  const second = await runningClient(server, command)
  if (first.workerProcessId !== second.workerProcessId) return [first, second]
  throw new Error(`one worker serves both: ${server.log()}`)
}

/** Process ids of the workers that were started so far. */
export function workerProcessIds(server: ExampleServer): readonly number[] {
  return loggedEvents(server, 'worker.started').map(({ processId }) => Number(processId))
}

/** Waits until so many events of a kind were logged. */
export async function untilLogged(
  server: ExampleServer,
  event: string,
  count: number,
): Promise<void> {
  await waitUntil(
    () => loggedEvents(server, event).length >= count,
    () => `${count} times ${event} in ${server.log()}`,
  )
}

/** Waits until no process has a number any more. */
export async function untilGone(processId: number): Promise<void> {
  await waitUntil(
    () => !isThere(processId),
    () => `process ${processId} should end`,
  )
}

/** Whether a process has this number. */
export function isThere(processId: number): boolean {
  try {
    return process.kill(processId, 0)
  } catch {
    return false
  }
}
