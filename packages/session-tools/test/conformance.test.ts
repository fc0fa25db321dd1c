import { afterEach } from '@jest/globals'
import { describeProcessPort, type MakeProcess } from '@hawse/port-conformance'
import { childProcess, hasRealPipes } from '@hawse/adapter-node-child'
import { ptyProcess } from '@hawse/adapter-node-pty'
import { discard, type ProcessPort } from '@hawse/core'
import {
  detachable,
  limit,
  metricsRegistry,
  record,
  watchable,
  type DetachableProcess,
} from '../src/index'
import { terminals } from './terminals'

const pipes = { isTerminal: false, hasPipes: hasRealPipes(), canReportStartFailure: true }
const terminal = { isTerminal: true, hasPipes: false, canReportStartFailure: false }
const size = { columns: 80, rows: 24, widthPixels: 0, heightPixels: 0 }
const inTerminal: MakeProcess = (argv) =>
  ptyProcess(argv, { pty: { term: 'xterm', size, modes: new Map() }, terminals })

const generous = {
  maximumOutputBytes: 1e12,
  outputBytesPerSecond: 1e12,
  maximumMs: 3_600_000,
  idleMs: 3_600_000,
}

function recorded(process: ProcessPort): ProcessPort {
  return record(process, { to: discard(), isInputRecorded: true, onError: fail })
}

function fail(error: unknown): void {
  throw error
}

/** Somebody watches, too slow for all of it. */
function watched(process: ProcessPort): ProcessPort {
  const port = watchable(process, { maximumWaitingBytes: 1000 })
  const watcher = port.watch()
  watcher.event$.subscribe()
  watcher.perform({ type: 'process.start' })
  watcher.perform({ type: 'process.pauseOutput' })
  return port
}

const kept = new Set<DetachableProcess>()

/** What outlives its client does not outlive its test. */
afterEach(async () => {
  for (const one of kept) one.end()
  const started = [...kept]
  kept.clear()
  await Promise.all(started.map(({ ended }) => ended))
})

function attached(process: ProcessPort): ProcessPort {
  const one = detachable(process, { endSignal: 'KILL', releaseDelayMs: 10 })
  kept.add(one)
  return one.attach()
}

describeProcessPort('record', (argv) => recorded(childProcess(argv)), pipes)
describeProcessPort('meter', (argv) => metricsRegistry().meter().process(childProcess(argv)), pipes)
describeProcessPort('limit', (argv) => limit(childProcess(argv), generous), pipes)
describeProcessPort('watchable', (argv) => watched(childProcess(argv)), pipes)
describeProcessPort('the first client of detachable', (argv) => attached(childProcess(argv)), {
  ...pipes,
  outlivesDisconnect: true,
})

const all: MakeProcess = (argv) => recorded(limit(watched(inTerminal(argv)), generous))
describeProcessPort('all on a terminal', all, terminal)
describeProcessPort('detachable on a terminal', (argv) => attached(inTerminal(argv)), {
  ...terminal,
  outlivesDisconnect: true,
})
