/** Everything that was met on a walk. */
export interface Walk {
  readonly stateCount: number
  readonly stepCount: number
}

/** What to walk through. */
export interface WalkOptions<State, Event, Heard> {
  readonly initial: State
  readonly events: readonly Event[]
  /** What an observer of all commands knows before the first. */
  readonly silence: Heard
  /** Takes one step; throws where an invariant breaks. Returns the new state and what the observer then knows. */
  readonly step: (state: State, event: Event, heard: Heard) => readonly [State, Heard]
  /** Two nodes with one key have the same future. */
  readonly keyOf: (state: State, heard: Heard) => string
  readonly depth: number
}

interface Node<State, Heard> {
  readonly state: State
  readonly heard: Heard
  readonly path: readonly number[]
}

/**
 * Walks breadth-first through every state that the events lead to, up to a depth, each state once.
 * An invariant that breaks is thrown with the shortest way to it.
 */
export function walk<State, Event extends { readonly type: string }, Heard>(
  options: WalkOptions<State, Event, Heard>,
): Walk {
  const { events, keyOf, initial, silence } = options
  const met = new Set<string>([keyOf(initial, silence)])
  let frontier: Node<State, Heard>[] = [{ state: initial, heard: silence, path: [] }]
  let stepCount = 0
  for (let depth = 0; depth < options.depth; depth += 1) {
    const next: Node<State, Heard>[] = []
    for (const node of frontier) {
      events.forEach((event, index) => {
        stepCount += 1
        const path = [...node.path, index]
        const [state, heard] = stepOrTell(options, node, event, path)
        const key = keyOf(state, heard)
        if (met.has(key)) return
        met.add(key)
        next.push({ state, heard, path })
      })
    }
    frontier = next
  }
  return { stateCount: met.size, stepCount }
}

function stepOrTell<State, Event extends { readonly type: string }, Heard>(
  { events, step }: WalkOptions<State, Event, Heard>,
  node: Node<State, Heard>,
  event: Event,
  path: readonly number[],
): readonly [State, Heard] {
  try {
    return step(node.state, event, node.heard)
  } catch (error) {
    const way = path.map((index) => JSON.stringify(events[index])).join('\n  ')
    throw new Error(`${String(error)}\nafter\n  ${way}`, { cause: error })
  }
}
