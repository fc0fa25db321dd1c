import type { Socket } from 'node:net'
import { createOutbox } from './outbox'
import { createWorker } from './worker'
import type { PrimaryMessage, WorkerMessage } from './worker-messages'

/** The program of a worker; only the primary starts it. */
const outbox = createOutbox<WorkerMessage>((messages, onSent) => {
  // Where the primary is gone nothing is sent, and 'disconnect' follows.
  process.send?.(messages, undefined, {}, () => onSent())
})
const worker = createWorker({
  send: outbox.send,
  finish: () => {
    outbox.send({ type: 'finished' })
    // To disconnect drops what was not sent yet.
    outbox.flush(() => process.disconnect())
  },
})

process.on('message', (message, socket) =>
  worker(message as PrimaryMessage, socket as Socket | undefined),
)
// The primary is gone, or has no more to say: as where a server is killed, the kernel frees what programs hold.
process.on('disconnect', () => process.exit(0))
// A terminal or a service manager may signal all processes of the server; the primary decides what that means.
for (const signal of ['SIGHUP', 'SIGINT', 'SIGTERM'] as const) process.on(signal, () => undefined)
// What it knew when it failed is not lost.
process.on('exit', () => outbox.flush())
