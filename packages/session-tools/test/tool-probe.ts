import type { OutputName, ProcessEvent, ProcessPort, TerminalSize } from '@hawse/core'

/** What a port says, as a test compares it. */
export interface ToolProbe {
  readonly events: readonly ProcessEvent[]
  readonly port: ProcessPort
  text(output?: OutputName): string
  types(): readonly string[]
  write(text: string): void
  readonly isCompleted: () => boolean
}

/** Listens to a port, and starts it unless told otherwise. */
export function probeTool(port: ProcessPort, { isStarted = true } = {}): ToolProbe {
  const events: ProcessEvent[] = []
  let isCompleted = false
  port.event$.subscribe({
    next: (event) => void events.push(event),
    complete: () => (isCompleted = true),
  })
  if (isStarted) port.perform({ type: 'process.start' })
  return {
    events,
    port,
    text: (output = 'stdout') =>
      Buffer.concat(
        events.flatMap((event) =>
          event.type === 'process.output' && event.output === output ? [event.bytes] : [],
        ),
      ).toString(),
    types: () => events.map(({ type }) => type),
    write: (text) => port.perform({ type: 'process.write', bytes: Buffer.from(text) }),
    isCompleted: () => isCompleted,
  }
}

/** A size of a screen, in characters. */
export function sized(columns: number, rows: number): TerminalSize {
  return { columns, rows, widthPixels: 0, heightPixels: 0 }
}
