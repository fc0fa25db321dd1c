import { concatMap, from, type Observable } from 'rxjs'
import type { ProcessEvent, ProcessPort } from '@hawse/core'

/** A process that first says one line: on its stderr, or on its terminal where it has one. */
export function withNotice(process: ProcessPort, line: string): ProcessPort {
  const event$: Observable<ProcessEvent> = process.event$.pipe(
    concatMap((event) =>
      from(event.type === 'process.started' ? [event, notice(event, line)] : [event]),
    ),
  )
  return { event$, perform: (command) => process.perform(command) }
}

type Started = Extract<ProcessEvent, { type: 'process.started' }>

function notice({ isTerminal, outputs }: Started, line: string): ProcessEvent {
  const text = isTerminal ? `${line}\r\n` : `${line}\n`
  const output = outputs.includes('stderr') ? 'stderr' : 'stdout'
  return { type: 'process.output', output, bytes: new TextEncoder().encode(text) }
}
