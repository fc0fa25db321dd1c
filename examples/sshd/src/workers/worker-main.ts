import type { Socket } from 'node:net'
import { createWorker } from './worker'
import type { PrimaryMessage, WorkerMessage } from './worker-messages'

/** The program of a worker; only the primary starts it. */
const worker = createWorker({
  send: (message) => send(message),
  // To disconnect drops what was not sent yet.
  finish: () => send({ type: 'finished' }, () => process.disconnect()),
})

process.on('message', (message, socket) =>
  worker(message as PrimaryMessage, socket as Socket | undefined),
)
// The primary is gone, or has no more to say: as where a server is killed, the kernel frees what programs hold.
process.on('disconnect', () => process.exit(0))
// A terminal or a service manager may signal all processes of the server; the primary decides what that means.
for (const signal of ['SIGHUP', 'SIGINT', 'SIGTERM'] as const) process.on(signal, () => undefined)

/** Where the primary is gone nothing is sent, and 'disconnect' follows. */
function send(message: WorkerMessage, onSent: () => void = () => undefined): void {
  process.send?.(message, undefined, {}, onSent)
}
