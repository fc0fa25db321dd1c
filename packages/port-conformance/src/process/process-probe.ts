import type { OutputName, ProcessCommand, ProcessEvent, ProcessPort } from '@hawse/core'
import { waitUntil } from '../wait-until'

/** Watches one process port: keeps every fact in order, and waits for facts within a bound. */
export interface ProcessProbe {
  /** Every fact so far, in order. */
  readonly events: readonly ProcessEvent[]
  /** Whether `event$` has completed. */
  readonly isCompleted: () => boolean
  /** Asks the port for one thing. */
  readonly perform: (command: ProcessCommand) => void
  /** Asks for bytes to be written to the input of the process. */
  readonly write: (data: string | Uint8Array) => void
  /** Everything an output has said so far. */
  readonly output: (name: OutputName) => Buffer
  /** The facts of one type, in order. */
  readonly all: <Type extends ProcessEvent['type']>(type: Type) => readonly EventOf<Type>[]
  /** Waits for the first fact of a type; throws with the facts seen when none comes. */
  readonly first: <Type extends ProcessEvent['type']>(type: Type) => Promise<EventOf<Type>>
  /** Waits until an output holds a text. */
  readonly untilOutput: (text: string, name?: OutputName) => Promise<void>
  /** Waits until `event$` completes. */
  readonly untilCompleted: () => Promise<void>
  /** Waits until a condition holds. */
  readonly until: (what: string, isReached: () => boolean) => Promise<void>
}

type EventOf<Type extends ProcessEvent['type']> = Extract<ProcessEvent, { type: Type }>

/** Subscribes to a process port, without starting it; `react` sees each fact as it is emitted. */
export function probeProcess(
  process: ProcessPort,
  react: (event: ProcessEvent) => void = () => undefined,
): ProcessProbe {
  const events: ProcessEvent[] = []
  let isCompleted = false
  let failure: unknown
  process.event$.subscribe({
    next: (event) => {
      events.push(event)
      react(event)
    },
    error: (error: unknown) => (failure = error),
    complete: () => (isCompleted = true),
  })
  const until = (what: string, isReached: () => boolean): Promise<void> =>
    waitUntil(
      () => isReached() || failure !== undefined,
      () => `${what}; ${summary(events)}`,
    ).then(() => {
      if (failure !== undefined) throw new Error('event$ must never error', { cause: failure })
    })
  return createProbe(process, events, () => isCompleted, until)
}

/** Kills what a test left running and waits until it is gone. */
export async function releaseProbe(probe: ProcessProbe): Promise<void> {
  const isStarted = probe.all('process.started').length > 0
  if (!isStarted || probe.isCompleted()) return
  probe.perform({ type: 'process.resumeOutput' })
  probe.perform({ type: 'process.signal', signal: 'KILL' })
  probe.perform({ type: 'process.disconnect' })
  await probe.untilCompleted()
}

function createProbe(
  process: ProcessPort,
  events: readonly ProcessEvent[],
  isCompleted: () => boolean,
  until: ProcessProbe['until'],
): ProcessProbe {
  const all = <Type extends ProcessEvent['type']>(type: Type): readonly EventOf<Type>[] =>
    events.filter((event): event is EventOf<Type> => event.type === type)
  const output = (name: OutputName): Buffer =>
    Buffer.concat(all('process.output').flatMap((e) => (e.output === name ? [e.bytes] : [])))
  const first = async <Type extends ProcessEvent['type']>(type: Type): Promise<EventOf<Type>> => {
    await until(`${type} was expected`, () => all(type).length > 0)
    return all(type)[0] as EventOf<Type>
  }
  return {
    events,
    isCompleted,
    all,
    output,
    first,
    until,
    perform: (command) => process.perform(command),
    write: (data) => process.perform({ type: 'process.write', bytes: Buffer.from(data) }),
    untilOutput: (text, name = 'stdout') =>
      until(`"${text}" was expected on ${name}`, () => output(name).includes(text)),
    untilCompleted: () => until('the end of event$ was expected', isCompleted),
  }
}

function summary(events: readonly ProcessEvent[]): string {
  const lastFacts = events.slice(-12).map((event) => {
    if (event.type !== 'process.output') return JSON.stringify(event)
    return `${event.output} ${event.bytes.length} bytes ${JSON.stringify(Buffer.from(event.bytes.subarray(-60)).toString('latin1'))}`
  })
  return `facts seen: ${events.length}, the last of them ${lastFacts.join(' | ')}`
}
