import { performance } from 'node:perf_hooks'

/** What one event costs. */
export interface EventCost {
  readonly eventsPerSecond: number
  /** Bytes of heap taken, garbage included. */
  readonly allocatedBytesPerEvent: number
}

/** Events before anything is measured, so that the code is compiled. */
const warmUpCount = 200_000

/** Few enough for the young generation, so that nothing is collected between two looks at the heap. */
const countedEvents = 20_000

/** Most repetitions; the fastest stretch of time and the middle one of memory count. */
const stretches = 15

/**
 * Measures what one call of `step` costs. Needs `--expose-gc` and a young generation that holds all that is allocated
 * in a stretch; `scale` is the share of the full number of events.
 */
export function measureEvents(step: () => void, eventsPerStep: number, scale: number): EventCost {
  const steps = Math.ceil(countedEvents * scale)
  for (let count = 0; count < warmUpCount * scale; count += 1) step()
  const seconds: number[] = []
  const bytes: number[] = []
  for (let stretch = 0; stretch < stretches; stretch += 1) {
    globalThis.gc?.()
    const firstBytes = process.memoryUsage().heapUsed
    const startedMs = performance.now()
    for (let count = 0; count < steps; count += 1) step()
    seconds.push((performance.now() - startedMs) / 1000)
    bytes.push(process.memoryUsage().heapUsed - firstBytes)
  }
  const events = steps * eventsPerStep
  bytes.sort((one, other) => one - other)
  return {
    eventsPerSecond: events / Math.min(...seconds),
    allocatedBytesPerEvent: (bytes[Math.floor(stretches / 2)] ?? Number.NaN) / events,
  }
}
