import type { ConnectionGate } from '@hawse/adapter-ssh2'
import { listen, type Listener } from '@hawse/example-kit'
import type { Socket } from 'node:net'
import type { EventLog, Log } from '../log'
import { createLoggedGate } from '../logged-gate'
import type { RunningServer } from '../server'
import type { ServerPlan } from '../server-plan'
import { closingTally, type ClosingTally } from './closing-tally'
import { HandedConnections } from './handed-connections'
import { leastBusy } from './least-busy'
import type { WorkerServiceMessage } from './worker-messages'
import { WorkerSlot } from './worker-slot'

/** What a server with workers is made of. */
export interface WorkerServerSettings {
  readonly plan: ServerPlan
  /** The program of a worker. */
  readonly workerFile: string
  readonly log: EventLog
  /** Hears of each problem with a key file, from each worker. */
  readonly noteKeyProblem: Log
}

/**
 * Starts to serve in several processes. This one, the primary, accepts every connection, counts it, and hands it to the
 * worker that has the fewest. Rejects with a `StartError` where the address is not to be had, or a worker not to start.
 */
export async function startWorkerServer(settings: WorkerServerSettings): Promise<RunningServer> {
  const { plan, log } = settings
  const gate = createLoggedGate(plan.options.limits, log)
  const slots: WorkerSlot[] = []
  const choose = leastBusy(() => slots.flatMap(({ ready }) => ready ?? []))
  const connections = new HandedConnections(gate, choose)
  const accept = (socket: Socket): void => connections.accept(socket)
  const listener = await listen(plan.options.listen, accept, { isReadElsewhere: true })
  let tally: ClosingTally | undefined
  const hear = hearing(settings, gate, connections, () => tally)
  slots.push(...startSlots(settings, connections, hear))
  process.once('exit', () => slots.forEach((slot) => slot.kill()))
  await untilStarted(slots, listener)
  const close = async (graceMs: number): Promise<void> => {
    void listener.stop()
    connections.dropAllOf(undefined)
    tally = closingTally(slots.filter(({ isRunning }) => isRunning).length, graceMs, log)
    await Promise.all(slots.map((slot) => slot.close(graceMs)))
    tally.finish()
  }
  return { address: listener.address, close }
}

type Hear = (message: WorkerServiceMessage, worker: number) => void

function hearing(
  { log, noteKeyProblem }: WorkerServerSettings,
  gate: ConnectionGate,
  connections: HandedConnections,
  tally: () => ClosingTally | undefined,
): Hear {
  return (message, worker) => {
    switch (message.type) {
      case 'loggedIn':
        return gate.release(message.address, message.port)
      case 'connectionTaken':
        return connections.noteTaken(message.id)
      case 'connectionClosed':
        return connections.noteClosed(message.id)
      case 'keyProblem':
        return noteKeyProblem(message.message)
      case 'log': {
        const { entry } = message
        if (entry.event === 'server.closing' || entry.event === 'server.closed') tally()?.add(entry)
        else log({ ...entry, worker })
      }
    }
  }
}

function startSlots(
  { plan, workerFile, log }: WorkerServerSettings,
  connections: HandedConnections,
  onMessage: Hear,
): readonly WorkerSlot[] {
  const { workers } = plan.options
  const numbers = Array.from({ length: workers }, (_, index) => index + 1)
  return numbers.map((worker) => {
    return new WorkerSlot({
      worker,
      workers,
      file: workerFile,
      plan,
      log,
      onMessage,
      onReady: () => connections.serveWaiting(),
      onEnded: (gone) => connections.dropAllOf(gone),
    })
  })
}

async function untilStarted(slots: readonly WorkerSlot[], listener: Listener): Promise<void> {
  try {
    await Promise.all(slots.map(({ started }) => started))
  } catch (thrown) {
    void listener.stop()
    slots.forEach((slot) => slot.kill())
    throw thrown
  }
}
