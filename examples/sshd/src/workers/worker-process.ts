import { fork, type ChildProcess } from 'node:child_process'
import type { Socket } from 'node:net'
import type { PrimaryMessage, WorkerMessage } from './worker-messages'

/** A worker as its primary sees it. */
export interface WorkerProcess {
  /** `undefined` where it could not be started. */
  readonly processId: number | undefined
  /** Sends a message, and with it a copy of a socket; nothing where the worker has ended. */
  readonly send: (message: PrimaryMessage, socket?: Socket) => void
  readonly kill: () => void
  /** How it ended, once it has and all its messages were heard. */
  readonly ended: Promise<WorkerEnd>
}

/** How a worker ended; without a member, it could not be started. */
export interface WorkerEnd {
  readonly exitCode?: number
  /** Without `SIG`. */
  readonly exitSignal?: string
}

/** Starts a worker. It inherits stderr, for what Node.js says when it crashes. */
export function forkWorker(
  file: string,
  onMessage: (message: WorkerMessage) => void,
): WorkerProcess {
  const child = fork(file, [], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    // Of the plan, JSON would lose maps and numbers without end.
    serialization: 'advanced',
  })
  child.on('message', (messages) => (messages as readonly WorkerMessage[]).forEach(onMessage))
  child.on('error', () => undefined)
  return {
    processId: child.pid,
    send: (message, socket) => {
      // What cannot be sent any more concerns a worker that has ended, or is about to.
      child.send(message, socket, { keepOpen: true }, () => undefined)
    },
    kill: () => void child.kill('SIGKILL'),
    ended: endOf(child),
  }
}

async function endOf(child: ChildProcess): Promise<WorkerEnd> {
  if (child.pid === undefined) return {}
  // Its last messages may be read after its exit.
  const disconnected = new Promise<void>((resolve) => child.once('disconnect', resolve))
  const end = await new Promise<WorkerEnd>((resolve) =>
    child.once('exit', (code, signal) =>
      resolve(
        signal === null ? { exitCode: code ?? 0 } : { exitSignal: signal.replace(/^SIG/, '') },
      ),
    ),
  )
  await disconnected
  return end
}
