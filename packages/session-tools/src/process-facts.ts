import { unreported, type OutputName, type ProcessEvent, type ProcessPort } from '@hawse/core'

/** What a process has told so far, and so what it still owes. */
export class ProcessFacts {
  phase: 'made' | 'running' | 'over' = 'made'
  isTerminal = false
  hasExited = false
  readonly openOutputs = new Set<OutputName>()

  /** Takes one fact in. */
  note(event: ProcessEvent): void {
    if (event.type === 'process.startFailed') this.phase = 'over'
    if (event.type === 'process.started') this.#start(event)
    if (event.type === 'process.outputEnded') this.openOutputs.delete(event.output)
    if (event.type === 'process.exited') this.hasExited = true
    if (this.phase === 'running' && this.hasExited && this.openOutputs.size === 0) {
      this.phase = 'over'
    }
  }

  /** The facts that end a process of which nothing more will be heard; none where it has ended. */
  owed(reason: string): readonly ProcessEvent[] {
    if (this.phase === 'over') return []
    if (this.phase === 'made') {
      return [{ type: 'process.startFailed', failure: 'failed', message: reason }]
    }
    const outcome = unreported(reason)
    const exit: readonly ProcessEvent[] = this.hasExited
      ? []
      : [{ type: 'process.exited', outcome }]
    const ends = [...this.openOutputs].map((output): ProcessEvent => ({
      type: 'process.outputEnded',
      output,
    }))
    return [...exit, ...ends]
  }

  #start({ outputs, isTerminal }: ProcessEvent & { readonly type: 'process.started' }): void {
    this.phase = 'running'
    this.isTerminal = isTerminal
    for (const output of outputs) this.openOutputs.add(output)
  }
}

/**
 * Notes and tells every fact of a process, and that nothing more comes, from now on and whoever else listens.
 *
 * A port whose stream fails, or completes while it runs without telling the end, has broken its contract: then the
 * facts that are owed are told in its place, so that nobody waits for them.
 */
export function followProcess(
  process: ProcessPort,
  facts: ProcessFacts,
  hear: (event: ProcessEvent) => void,
  over: () => void = () => undefined,
): void {
  const tell = (event: ProcessEvent): void => {
    if (facts.phase === 'over') return
    facts.note(event)
    hear(event)
  }
  const breakOff = (reason: string): void => {
    for (const event of facts.owed(`the process port failed: ${reason}`)) tell(event)
    over()
  }
  process.event$.subscribe({
    next: tell,
    error: (error: unknown) => breakOff(String(error)),
    complete: () => {
      if (facts.phase === 'running') breakOff('its events completed before it had ended')
      else over()
    },
  })
}
