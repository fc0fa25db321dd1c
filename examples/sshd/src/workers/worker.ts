import type { Socket } from 'node:net'
import { createNumbering } from '../numbering'
import { farewellMs } from '../server'
import { serviceSettings } from '../server-plan'
import { createSshService, type SshService } from '../ssh-service'
import { programWatch } from './program-watch'
import type { PrimaryMessage, WorkerMessage } from './worker-messages'

/** A way to the primary. */
export interface PrimaryLink {
  readonly send: (message: WorkerMessage) => void
  /** All was sent, and nothing is left to do. */
  readonly finish: () => void
}

/** Does what the primary says; a connection comes with its socket, unless that was closed on the way. */
export type Worker = (message: PrimaryMessage, socket: Socket | undefined) => void

/** Makes a worker: it serves the connections that the primary accepts and counts. */
export function createWorker(primary: PrimaryLink): Worker {
  const sockets = new Map<number, Socket>()
  let service: SshService | undefined
  return (message, socket) => {
    switch (message.type) {
      case 'start':
        service = startService(message, primary)
        return
      case 'connection':
        return take(message.id, socket)
      case 'destroyConnection':
        return void sockets.get(message.id)?.destroy()
      case 'close':
        return void close(message.graceMs)
    }
  }

  function take(id: number, socket: Socket | undefined): void {
    primary.send({ type: 'connectionTaken', id })
    if (socket === undefined) return primary.send({ type: 'connectionClosed', id })
    sockets.set(id, socket)
    socket.once('close', () => {
      sockets.delete(id)
      primary.send({ type: 'connectionClosed', id })
    })
    service?.serve(socket)
  }

  async function close(graceMs: number): Promise<void> {
    await service?.end(graceMs)
    const closed = [...sockets.values()].map(
      (socket) => new Promise((resolve) => socket.once('close', resolve)),
    )
    setTimeout(() => sockets.forEach((socket) => socket.destroy()), farewellMs)
    await Promise.all(closed)
    primary.finish()
  }
}

type Start = Extract<PrimaryMessage, { readonly type: 'start' }>

function startService({ plan, numbering }: Start, { send }: PrimaryLink): SshService {
  const settings = serviceSettings(plan, {
    log: (entry) => send({ type: 'log', entry }),
    noteKeyProblem: (message) => send({ type: 'keyProblem', message }),
    numbering: createNumbering(numbering),
    watchProgram: programWatch(send),
  })
  const service = createSshService(settings, (address, port) =>
    send({ type: 'loggedIn', address, port }),
  )
  send({ type: 'ready' })
  return service
}
