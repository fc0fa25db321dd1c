import type { ProcessPort } from '@hawse/core'
import { tap } from 'rxjs'
import { programMark } from './program-mark'
import type { WorkerMessage } from './worker-messages'

/** Tells the primary which programs run, so that it can end them where their worker is gone. */
export function programWatch(
  send: (message: WorkerMessage) => void,
): (program: ProcessPort) => ProcessPort {
  return (program) => {
    let processId: number | undefined
    const event$ = program.event$.pipe(
      tap((event) => {
        if (event.type === 'process.started' && event.processId !== undefined) {
          processId = event.processId
          send({ type: 'programStarted', program: programMark(processId) })
        }
        if (event.type === 'process.exited' && processId !== undefined) {
          send({ type: 'programEnded', processId })
        }
      }),
    )
    return { event$, perform: (command) => program.perform(command) }
  }
}
