import { createEventSource } from '../ports/event-source'
import { exited, signaled } from '../ports/exit-outcome'
import type { OutputName, ProcessCommand, ProcessEvent, ProcessPort } from '../ports/process-port'
import { encodeUtf8 } from '../platform/text'

/** A process that does what a test says, and remembers what it was asked. */
export interface ScriptedProcess extends ProcessPort {
  /** Every command, in order. */
  readonly commands: readonly ProcessCommand[]
  /** Emits any fact. */
  emit(event: ProcessEvent): void
  /** Emits output; text is UTF-8. */
  print(text: string, output?: OutputName): void
  /** Emits the exit, by code or by signal name. */
  exit(codeOrSignal: number | string): void
  /** Emits the end of outputs, both by default. */
  endOutputs(...outputs: readonly OutputName[]): void
}

/** How a scripted process behaves of itself. */
export interface ScriptedProcessOptions {
  /** Whether `process.start` is answered by `process.started` at once; true by default. */
  readonly isStartedAtOnce?: boolean
  /** Whether `process.write` is answered by `process.inputWritten` at once; true by default. */
  readonly isReading?: boolean
  /** Whether it sits on a terminal: one output; false by default. */
  readonly isTerminal?: boolean
}

/** Makes a process for tests: it runs nothing, and says only what it is told to say. */
export function scriptedProcess(options: ScriptedProcessOptions = {}): ScriptedProcess {
  const { isStartedAtOnce = true, isReading = true, isTerminal = false } = options
  const source = createEventSource<ProcessEvent>()
  const commands: ProcessCommand[] = []
  const outputs: readonly OutputName[] = isTerminal ? ['stdout'] : ['stdout', 'stderr']

  const perform = (command: ProcessCommand): void => {
    // What a script says is never lent, so nothing was asked.
    if (command.type === 'process.lendOutput') return
    commands.push(command)
    if (command.type === 'process.start' && isStartedAtOnce) {
      source.emit({ type: 'process.started', outputs, isTerminal })
    }
    if (command.type === 'process.write' && isReading) {
      source.emit({ type: 'process.inputWritten', byteCount: command.bytes.length })
    }
  }
  return {
    event$: source.event$,
    perform,
    commands,
    emit: (event) => source.emit(event),
    print: (text, output = 'stdout') =>
      source.emit({ type: 'process.output', output, bytes: encodeUtf8(text) }),
    exit: (codeOrSignal) => {
      const outcome =
        typeof codeOrSignal === 'number' ? exited(codeOrSignal) : signaled(codeOrSignal)
      source.emit({ type: 'process.exited', outcome })
    },
    endOutputs: (...ended) => {
      for (const output of ended.length === 0 ? outputs : ended) {
        source.emit({ type: 'process.outputEnded', output })
      }
    },
  }
}
