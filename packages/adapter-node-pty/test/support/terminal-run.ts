import { afterEach } from '@jest/globals'
import type { ProcessCommand, ProcessEvent, ProcessPort, TerminalRequest } from '@hawse/core'
import { ptyProcess, type PtyProcessOptions } from '../../src/index'

/** A program in a terminal, with everything it said so far. */
export interface TerminalRun {
  readonly port: ProcessPort
  readonly events: readonly ProcessEvent[]
  /** All output so far, as bytes and as text. */
  output(): Buffer
  text(): string
  perform(command: ProcessCommand): void
  type(text: string): void
  /** Waits, bounded, until the events satisfy a condition. */
  until(condition: () => boolean): Promise<void>
  /** Waits, bounded, for the end of all events, and gives the events. */
  over(): Promise<readonly ProcessEvent[]>
}

const runs = new Set<TerminalRun>()

/** A failed test leaves no program behind. */
afterEach(() => {
  for (const run of runs) run.perform({ type: 'process.disconnect' })
  runs.clear()
})

/** 80 x 24 cells, `xterm`, no modes, unless told. */
export function terminalRequest(request: Partial<TerminalRequest> = {}): TerminalRequest {
  const size = { columns: 80, rows: 24, widthPixels: 0, heightPixels: 0 }
  return { term: 'xterm', size, modes: new Map(), ...request }
}

/** No translation of output, no echo: bytes come out as the program wrote them. */
export const rawModes: ReadonlyMap<number, number> = new Map([
  [70, 0],
  [53, 0],
  [51, 0],
])

/** Makes a port and listens to it; `start` is left to the caller. */
export function prepareTerminal(
  argv: readonly [string, ...string[]],
  options: Partial<PtyProcessOptions> = {},
): TerminalRun {
  const env = { PATH: '/usr/bin:/bin' }
  const run = listen(ptyProcess(argv, { pty: terminalRequest(), env, ...options }))
  runs.add(run)
  return run
}

/** Makes a port, listens to it and starts the program. */
export function runInTerminal(
  argv: readonly [string, ...string[]],
  options: Partial<PtyProcessOptions> = {},
): TerminalRun {
  const run = prepareTerminal(argv, options)
  run.perform({ type: 'process.start' })
  return run
}

/** A shell script in a terminal. */
export function runScript(script: string, options: Partial<PtyProcessOptions> = {}): TerminalRun {
  return runInTerminal(['/bin/sh', '-c', script], options)
}

/** The types of the events, in order, with runs of output as one. */
export function eventTypes(events: readonly ProcessEvent[]): readonly string[] {
  const types = events.map((event) => event.type)
  return types.filter((type, index) => type !== 'process.output' || types[index - 1] !== type)
}

function listen(port: ProcessPort): TerminalRun {
  const events: ProcessEvent[] = []
  const watchers = new Set<() => void>()
  let isOver = false
  const notify = () => [...watchers].forEach((watcher) => watcher())
  port.event$.subscribe({
    next: (event) => {
      events.push(event)
      notify()
    },
    complete: () => {
      isOver = true
      notify()
    },
  })
  const output = () =>
    Buffer.concat(events.flatMap((event) => (event.type === 'process.output' ? [event.bytes] : [])))
  const until = (condition: () => boolean) =>
    condition() ? Promise.resolve() : watch(watchers, condition, () => describe(events))
  return {
    port,
    events,
    output,
    text: () => output().toString('latin1'),
    perform: (command) => port.perform(command),
    type: (text) => port.perform({ type: 'process.write', bytes: Buffer.from(text, 'latin1') }),
    until,
    over: async () => {
      await until(() => isOver)
      return events
    },
  }
}

function watch(
  watchers: Set<() => void>,
  condition: () => boolean,
  describeEvents: () => string,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const finish = (settle: () => void) => {
      clearTimeout(timer)
      watchers.delete(watcher)
      settle()
    }
    const watcher = () => {
      if (condition()) finish(resolve)
    }
    const timer = setTimeout(
      () => finish(() => reject(new Error(`waited in vain; events: ${describeEvents()}`))),
      waitMs,
    )
    watchers.add(watcher)
  })
}

function describe(events: readonly ProcessEvent[]): string {
  const last = events.filter((event) => event.type !== 'process.output')
  const text = events.map((event) =>
    event.type === 'process.output' ? Buffer.from(event.bytes).toString('latin1') : '',
  )
  return `${JSON.stringify(last)}, output ends ${JSON.stringify(text.join('').slice(-300))}`
}

const waitMs = 60_000
