import { interval } from 'rxjs'
import { outcomeWords, type Report } from './report'
import type { Screen } from './screen'
import { inSeconds } from './table'
import type { Target } from './target'

/** What the user sees of hosts while they are worked on. */
export interface Progress {
  note(index: number, phase: 'connecting' | 'running'): void
  /** More of the output has come. */
  count(index: number, byteCount: number): void
  finish(index: number, report: Report): void
  stop(): void
}

interface HostState {
  readonly label: string
  readonly words: string
  readonly phase: 'waiting' | 'busy' | 'done'
  readonly startedMs: number
  readonly endedMs: number | undefined
  readonly byteCount: number
}

/** Milliseconds between two drawings. */
const pauseMs = 100

/** One row for each host on a terminal, drawn again and again; elsewhere a line for each host that is done. */
export function showProgress(targets: readonly Target[], screen: Screen): Progress {
  const width = Math.max(...targets.map(({ label }) => label.length))
  const states = targets.map(({ label }) => firstState(label.padEnd(width)))
  const change = (index: number, changes: Partial<HostState>): void => {
    const state = states[index]
    if (state !== undefined) states[index] = { ...state, ...changes }
  }
  const drawing = interval(pauseMs).subscribe(() => screen.show(inView(states, screen).map(rowOf)))
  return {
    note: (index, words) => {
      const isFirst = states[index]?.phase === 'waiting'
      const start = isFirst ? { startedMs: performance.now() } : {}
      change(index, { words, phase: 'busy', ...start })
    },
    count: (index, byteCount) =>
      change(index, { byteCount: (states[index]?.byteCount ?? 0) + byteCount }),
    finish: (index, report) => {
      const words = `${outcomeWords(report)}${codeOf(report)}`
      change(index, { words, phase: 'done', endedMs: performance.now() })
      if (screen.hasRows) return
      const { target, durationMs } = report
      screen.stderr.write(`${target.label}: ${words} after ${inSeconds(durationMs)}\n`)
    },
    stop: () => {
      drawing.unsubscribe()
      screen.makeRoom()
    },
  }
}

function firstState(label: string): HostState {
  const startedMs = performance.now()
  return { label, words: 'waiting', phase: 'waiting', startedMs, endedMs: undefined, byteCount: 0 }
}

function codeOf({ outcome }: Report): string {
  return outcome.kind === 'exited' ? ` with ${outcome.code}` : ''
}

/** In their order; those that are busy first, where there are more than rows. */
function inView(states: readonly HostState[], screen: Screen): readonly HostState[] {
  if (states.length <= screen.rowCount()) return states
  const order = ['busy', 'waiting', 'done'] as const
  return order.flatMap((phase) => states.filter((state) => state.phase === phase))
}

function rowOf({ label, words, phase, startedMs, endedMs, byteCount }: HostState): string {
  const durationMs = (endedMs ?? performance.now()) - startedMs
  const time = phase === 'waiting' ? '' : inSeconds(durationMs)
  return `${label}  ${time.padStart(8)}  ${String(byteCount).padStart(9)} bytes  ${words}`
}
