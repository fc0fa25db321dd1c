import {
  createEventSource,
  type ProcessCommand,
  type ProcessEvent,
  type ProcessPort,
} from '@hawse/core'
import { followProcess, ProcessFacts } from './process-facts'

/** Who looks on at a process. Neither may throw, or keep bytes without a copy: they may be lent. */
export interface ProcessTap {
  /** A fact, before anybody else is told. */
  readonly heard: (event: ProcessEvent) => void
  /** A command, before it is performed. */
  readonly asked: (command: ProcessCommand) => void
}

/** The same process, with somebody who looks on. The tap hears all of it, also where nobody else listens any more. */
export function tapProcess(process: ProcessPort, { heard, asked }: ProcessTap): ProcessPort {
  const source = createEventSource<ProcessEvent>()
  const hear = (event: ProcessEvent): void => {
    heard(event)
    source.emit(event)
  }
  followProcess(process, new ProcessFacts(), hear, () => source.complete())
  return {
    event$: source.event$,
    perform: (command) => {
      asked(command)
      process.perform(command)
    },
  }
}
