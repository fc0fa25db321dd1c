import type { ProcessEvent, ProcessPort } from '@hawse/core'
import { concatMap, from, of, type Observable } from 'rxjs'

/** A process whose exit is told once a step after it is done, so that whoever waits for the one finds the other. */
export function withStepBeforeExit(process: ProcessPort, step: () => Promise<void>): ProcessPort {
  const done = (): Promise<void> => step().catch(() => undefined)
  const event$: Observable<ProcessEvent> = process.event$.pipe(
    concatMap((event) =>
      event.type === 'process.exited' ? from(done().then(() => event)) : of(event),
    ),
  )
  return {
    event$,
    perform: (command) => {
      // Output that comes during the step is kept.
      if (command.type !== 'process.lendOutput') process.perform(command)
    },
  }
}
