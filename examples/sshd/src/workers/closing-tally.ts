import type { SessionGroupReport } from '@hawse/core'
import type { EventLog, LogEntry } from '../log'

/** Makes one line of what every worker says when it begins to close, and one of what it says at its end. */
export interface ClosingTally {
  /** Adds what one worker says. */
  readonly add: (entry: ClosingEntry) => void
  /** Tells what was said, where it was not told yet: no more is to come. */
  readonly finish: () => void
}

/** What a server says when it is closed. */
export type ClosingEntry = Extract<LogEntry, { readonly event: 'server.closing' | 'server.closed' }>

/** A tally for so many workers. */
export function closingTally(workers: number, graceMs: number, log: EventLog): ClosingTally {
  const begun: number[] = []
  const reports: SessionGroupReport[] = []
  let hasTold = false
  const tellBegin = (): void => {
    if (hasTold) return
    hasTold = true
    log({ event: 'server.closing', sessions: sum(begun), graceMs })
  }
  return {
    add: (entry) => {
      if (entry.event === 'server.closed') return void reports.push(entry)
      begun.push(entry.sessions)
      if (begun.length === workers) tellBegin()
    },
    finish: () => {
      tellBegin()
      log({ event: 'server.closed', ...totals(reports) })
    },
  }
}

function totals(reports: readonly SessionGroupReport[]): SessionGroupReport {
  const total = (name: keyof SessionGroupReport): number => sum(reports.map((one) => one[name]))
  return {
    endedByThemselves: total('endedByThemselves'),
    hungUp: total('hungUp'),
    terminated: total('terminated'),
    killed: total('killed'),
    refused: total('refused'),
    left: total('left'),
  }
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((left, right) => left + right, 0)
}
