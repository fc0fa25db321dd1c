/** Numbers of connections and sessions, as the log names them. */
export interface Numbering {
  readonly nextConnection: () => number
  readonly nextSession: () => number
}

/** The first numbers to give out, and the step from each to the next. */
export interface NumberingStart {
  readonly firstConnection: number
  readonly firstSession: number
  readonly step: number
}

/** The numbers of a process that shares them with nobody. */
export const fromOne: NumberingStart = { firstConnection: 1, firstSession: 1, step: 1 }

/** Gives numbers out; processes that start at 1 to N with a step of N never give the same one. */
export function createNumbering({
  firstConnection,
  firstSession,
  step,
}: NumberingStart): Numbering {
  return {
    nextConnection: counter(firstConnection, step),
    nextSession: counter(firstSession, step),
  }
}

function counter(first: number, step: number): () => number {
  let next = first
  return () => {
    const given = next
    next += step
    return given
  }
}
