import { performance } from 'node:perf_hooks'
import { readCpu } from './process-tree'

/** What something cost a server. */
export interface Cost {
  /** CPU seconds of the server's own processes. */
  readonly ownSeconds: number
  /** CPU seconds of those and of the programs. */
  readonly treeSeconds: number
  readonly wallSeconds: number
}

/** Measures what a server does from the call of `act` until it resolves. */
export async function costOf(processId: number, act: () => Promise<void>): Promise<Cost> {
  const before = readCpu(processId)
  const startedMs = performance.now()
  await act()
  const wallSeconds = (performance.now() - startedMs) / 1000
  const after = readCpu(processId)
  return {
    ownSeconds: after.ownSeconds - before.ownSeconds,
    treeSeconds: after.treeSeconds - before.treeSeconds,
    wallSeconds,
  }
}

/** Rejects after a bound, in milliseconds; `whenLate` then ends what hangs. */
export async function withinBound<Result>(
  work: Promise<Result>,
  boundMs: number,
  whenLate: () => void,
): Promise<Result> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      whenLate()
      reject(new Error(`did not end within ${Math.round(boundMs / 1000)} s`))
    }, boundMs)
  })
  return Promise.race([work, late]).finally(() => clearTimeout(timer))
}
