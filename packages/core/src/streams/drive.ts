/** A running machine: feed it inputs, read its state. */
export interface Drive<State, Input> {
  /**
   * Gives the machine one input. Inputs given while another is being worked on, also by an output that it caused,
   * wait in one queue: nothing overtakes.
   */
  dispatch(input: Input): void
  /** The state after the last input worked on. */
  current(): State
}

/** What `drive` needs to run a machine. */
export interface DriveOptions<State, Input, Output> {
  readonly initial: State
  /** The pure step: a new state, and outputs to perform in this order. */
  readonly transition: (state: State, input: Input) => readonly [State, readonly Output[]]
  /** Performs one output; may dispatch. */
  readonly perform: (output: Output) => void
  /** Called after each step, before its outputs are performed. */
  readonly observe?: (before: State, input: Input, after: State, outputs: readonly Output[]) => void
}

/**
 * Runs a pure machine: input -> transition -> outputs, through one mailbox.
 *
 * A Subject fed from inside its own subscriber would reverse the order of outputs; the mailbox cannot.
 * An exception from `perform` or `observe` reaches whoever dispatched, and the inputs that waited are worked on
 * all the same by the next dispatch.
 */
export function drive<State, Input, Output>(
  options: DriveOptions<State, Input, Output>,
): Drive<State, Input> {
  let state = options.initial
  let isWorking = false
  let inbox: Input[] = []
  let next = 0

  const step = (input: Input): void => {
    const before = state
    const [after, outputs] = options.transition(before, input)
    state = after
    options.observe?.(before, input, after, outputs)
    for (const output of outputs) options.perform(output)
  }

  const workOff = (): void => {
    while (next < inbox.length) {
      const input = inbox[next] as Input
      next += 1
      step(input)
    }
    inbox = []
    next = 0
  }

  return {
    current: () => state,
    dispatch: (input) => {
      inbox.push(input)
      if (isWorking) return
      isWorking = true
      try {
        workOff()
      } finally {
        isWorking = false
      }
    },
  }
}
