import type { ChildProcess } from 'node:child_process'
import type { EventSource, OutputName, ProcessCommand, ProcessEvent } from '@hawse/core'
import { exitOutcome } from './exit-outcome'
import { writeInput, type InputWriter } from './input-writer'
import { readOutput, type OutputReader } from './output-reader'
import { signalProcessGroup } from './process-group'
import type { StandardStreams } from './spawn-program'

/** A program that runs. */
export interface RunningProgram {
  readonly child: ChildProcess
  /** Its process id, which is the number of its process group too. */
  readonly pid: number
  readonly streams: StandardStreams
}

/**
 * Tells what a running program does, and completes the source after its exit and the end of both outputs, whichever
 * comes last. Gives back what performs commands on it.
 */
export function watchProgram(
  { child, pid, streams }: RunningProgram,
  source: EventSource<ProcessEvent>,
): (command: ProcessCommand) => void {
  const awaited = new Set<OutputName | 'exit'>(['exit', 'stdout', 'stderr'])
  const settle = (awaitedName: OutputName | 'exit', event: ProcessEvent): void => {
    awaited.delete(awaitedName)
    const isLast = awaited.size === 0
    // Another process may hold the input for ever; nobody is left to tell about it.
    if (isLast) input.abandon()
    source.emit(event)
    if (isLast) source.complete()
  }
  const emit = (event: ProcessEvent): void => {
    if (event.type === 'process.outputEnded') settle(event.output, event)
    else source.emit(event)
  }
  const input = writeInput(streams.stdin, emit)
  const stdout = readOutput('stdout', streams.stdout, emit)
  const stderr = readOutput('stderr', streams.stderr, emit)
  child.once('exit', (code, signal) =>
    settle('exit', { type: 'process.exited', outcome: exitOutcome(code, signal) }),
  )
  // Once reaped, the number of the process may belong to another.
  const signal = (name: string): void => {
    if (awaited.has('exit')) signalProcessGroup(pid, name)
  }
  return (command) => performOn({ input, outputs: { stdout, stderr }, signal }, command)
}

/** What commands act on. */
interface ProgramControls {
  readonly input: InputWriter
  readonly outputs: Readonly<Record<OutputName, OutputReader>>
  readonly signal: (name: string) => void
}

function performOn({ input, outputs, signal }: ProgramControls, command: ProcessCommand): void {
  switch (command.type) {
    case 'process.write':
      Object.values(outputs).forEach((output) => output.hurry())
      return input.write(command.bytes)
    case 'process.closeInput':
      return input.end()
    case 'process.closeOutput':
      return outputs[command.output].close()
    case 'process.pauseOutput':
      return Object.values(outputs).forEach((output) => output.pause())
    case 'process.resumeOutput':
      return Object.values(outputs).forEach((output) => output.resume())
    case 'process.lendOutput':
      return Object.values(outputs).forEach((output) => output.lend())
    case 'process.signal':
      return signal(command.signal)
    case 'process.disconnect':
      input.free()
      return Object.values(outputs).forEach((output) => output.close())
    case 'process.start':
    case 'process.resize':
    case 'process.sendBreak':
      // It runs already, and sits on no terminal.
      return
  }
}
