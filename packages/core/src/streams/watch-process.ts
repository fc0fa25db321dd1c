import type { Subscription } from 'rxjs'
import { messageOf } from '../errors/hawse-error'
import { unreported } from '../ports/exit-outcome'
import type { ProcessCommand, ProcessEvent, ProcessPort } from '../ports/process-port'

/**
 * Tells `listen` every fact of a process port.
 *
 * A port whose stream fails, or completes after the start without telling the end, has broken its contract; so has a
 * `listen` that throws. Then `dispatch` is told the facts that are owed, `listen` nothing more, and the process, of
 * which nothing can be known any more, is not left behind.
 */
export function watchProcess(
  process: ProcessPort,
  listen: (event: ProcessEvent) => void,
  dispatch: (event: ProcessEvent) => void,
): Subscription {
  const owed = new Set<string>()
  let isBroken = false
  const breakOff = (reason: string): void => {
    isBroken = true
    for (const event of processFailure(reason)) dispatch(event)
    releaseProcess(process)
  }
  const hear = (event: ProcessEvent): void => {
    if (isBroken) return
    try {
      noteOwed(owed, event)
      listen(event)
    } catch (error) {
      breakOff(messageOf(error))
    }
  }
  return process.event$.subscribe({
    next: hear,
    // A tick later: a stream that fails while it is subscribed to fails before the start that it has to answer.
    error: (error: unknown) => void Promise.resolve().then(() => breakOff(messageOf(error))),
    complete: () => {
      if (!isBroken && owed.size > 0) breakOff('its events completed before it had ended')
    },
  })
}

/** All that may follow a port's failure; what its phase has no use for is illegal and changes nothing. */
export function processFailure(message: string): readonly ProcessEvent[] {
  const reason = `the process port failed: ${message}`
  return [
    { type: 'process.startFailed', failure: 'failed', message: reason },
    { type: 'process.exited', outcome: unreported(reason) },
    { type: 'process.outputEnded', output: 'stdout' },
    { type: 'process.outputEnded', output: 'stderr' },
  ]
}

/** Frees and kills a process whose port failed: its end will not be told, so there is nothing to wait for. */
export function releaseProcess(process: ProcessPort): void {
  const commands: readonly ProcessCommand[] = [
    { type: 'process.disconnect' },
    { type: 'process.signal', signal: 'KILL' },
  ]
  for (const command of commands) {
    try {
      process.perform(command)
    } catch {
      // It has failed already, and nobody is left to tell.
      continue
    }
  }
}

function noteOwed(owed: Set<string>, event: ProcessEvent): void {
  if (event.type === 'process.started')
    for (const name of ['exit', ...event.outputs]) owed.add(name)
  if (event.type === 'process.exited') owed.delete('exit')
  if (event.type === 'process.outputEnded') owed.delete(event.output)
}
