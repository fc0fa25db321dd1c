import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { table } from '@hawse/conformance/servers'
import type { EventCost } from './measure'

/** What one way of data through the machines costs. */
export interface MachineFigure extends EventCost {
  readonly name: string
  readonly event: string
}

/** A young generation, in MiB, in which nothing needs collecting while a stretch is measured. */
const youngMebibytes = 256

/** Measures the pure machines alone, in a process of their own; `scale` is the share of the full number of events. */
export function measureMachines(scale: number): readonly MachineFigure[] {
  const program = fileURLToPath(new URL('machines/main.js', import.meta.url))
  const flags = [
    '--expose-gc',
    `--min-semi-space-size=${youngMebibytes}`,
    `--max-semi-space-size=${youngMebibytes}`,
  ]
  const text = execFileSync(process.execPath, [...flags, program, String(scale)], {
    encoding: 'utf8',
  })
  return JSON.parse(text) as readonly MachineFigure[]
}

/** The figures as a table. */
export function machineTable(figures: readonly MachineFigure[]): string {
  return table(
    ['path', 'one event is', 'million events per s', 'bytes allocated per event'],
    figures.map(({ name, event, eventsPerSecond, allocatedBytesPerEvent }) => [
      name,
      event,
      (eventsPerSecond / 1e6).toFixed(2),
      allocatedBytesPerEvent.toFixed(0),
    ]),
  )
}
