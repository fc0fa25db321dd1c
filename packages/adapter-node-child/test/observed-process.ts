import { createHash } from 'node:crypto'
import { existsSync, readdirSync } from 'node:fs'
import type {
  ExitOutcome,
  OutputName,
  ProcessCommand,
  ProcessEvent,
  ProcessPort,
} from '@hawse/core'
import { childProcessPort } from '../src/child-process'
import { spawnProgram, type Argv, type ChildProcessOptions } from '../src/spawn-program'

/** A process port under test, with everything it has said. */
export interface ObservedProcess {
  readonly events: readonly ProcessEvent[]
  readonly perform: (command: ProcessCommand) => void
  readonly write: (bytes: string | Uint8Array) => void
  readonly signal: (name: string) => void
  /** Bytes of an output so far. */
  readonly output: (name: OutputName) => Buffer
  /** Bytes of input the process has taken so far. */
  readonly takenByteCount: () => number
  /** How the process ended, where it has. */
  readonly outcome: () => ExitOutcome | undefined
  readonly count: (type: ProcessEvent['type']) => number
  readonly isCompleted: () => boolean
  /** Waits until a condition on the facts holds; the time limit of the test bounds it. */
  readonly until: (isReached: () => boolean) => Promise<void>
  readonly untilOutput: (text: string, name?: OutputName) => Promise<void>
  readonly untilCompleted: () => Promise<void>
}

/** The two ways to give a program its standard streams. */
export const streamKinds = ['real pipes', 'socket pairs'] as const

/** Makes a port for a program on the given kind of streams, as the platform would choose it. */
export function portOn(
  kind: (typeof streamKinds)[number],
  argv: Argv,
  options: ChildProcessOptions = {},
): ProcessPort {
  const spawn =
    kind === 'real pipes'
      ? () => spawnProgram(argv, options)
      : () => spawnProgram(argv, options, () => undefined)
  return childProcessPort(spawn, argv[0], options.cwd)
}

/** Subscribes to a port without starting it; `react` sees each fact as it is emitted. */
export function observe(
  port: ProcessPort,
  react: (event: ProcessEvent) => void = () => undefined,
): ObservedProcess {
  const events: ProcessEvent[] = []
  const waiting = new Set<() => void>()
  let isCompleted = false
  const changed = (): void => waiting.forEach((check) => check())
  port.event$.subscribe({
    next: (event) => {
      events.push(event)
      react(event)
      changed()
    },
    complete: () => {
      isCompleted = true
      changed()
    },
  })
  const until = (isReached: () => boolean): Promise<void> =>
    new Promise((resolve) => {
      const check = (): void => {
        if (!isReached()) return
        waiting.delete(check)
        resolve()
      }
      waiting.add(check)
      check()
    })
  return {
    ...questionsOf(events),
    ...ordersOf(port),
    events,
    until,
    isCompleted: () => isCompleted,
    untilCompleted: () => until(() => isCompleted),
    untilOutput: (text, name = 'stdout') =>
      until(() => questionsOf(events).output(name).includes(text)),
  }
}

/** Observes and starts a port. */
export function run(port: ProcessPort, react?: (event: ProcessEvent) => void): ObservedProcess {
  const observed = observe(port, react)
  observed.perform({ type: 'process.start' })
  return observed
}

/** SHA-256 of some bytes in hexadecimal, so that a failed comparison stays readable. */
export function digest(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}

/** Numbers of the descriptors of this process, but for the one that reading them takes. */
export function openDescriptors(): readonly string[] {
  return readdirSync('/proc/self/fd').filter((fd) => existsSync(`/proc/self/fdinfo/${fd}`))
}

/** Waits until a condition outside the facts of a port holds, looking again every few milliseconds. */
export async function eventually(isReached: () => boolean, describe: () => string): Promise<void> {
  const deadlineMs = performance.now() + 60_000
  while (!isReached()) {
    if (performance.now() > deadlineMs) throw new Error(describe())
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}

function questionsOf(events: readonly ProcessEvent[]) {
  const outputs = (name: OutputName): readonly Uint8Array[] =>
    events.flatMap((e) => (e.type === 'process.output' && e.output === name ? [e.bytes] : []))
  return {
    output: (name: OutputName) => Buffer.concat(outputs(name)),
    takenByteCount: () =>
      events.reduce((sum, e) => sum + (e.type === 'process.inputWritten' ? e.byteCount : 0), 0),
    outcome: () => events.flatMap((e) => (e.type === 'process.exited' ? [e.outcome] : []))[0],
    count: (type: ProcessEvent['type']) => events.filter((event) => event.type === type).length,
  }
}

function ordersOf(port: ProcessPort) {
  return {
    perform: (command: ProcessCommand) => port.perform(command),
    write: (bytes: string | Uint8Array) =>
      port.perform({ type: 'process.write', bytes: Buffer.from(bytes) }),
    signal: (signal: string) => port.perform({ type: 'process.signal', signal }),
  }
}
