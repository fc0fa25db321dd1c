import {
  createEventSource,
  type ProcessCommand,
  type ProcessEvent,
  type ProcessPort,
} from '@hawse/core'
import { watchProgram } from './running-program'
import {
  spawnProgram,
  type Argv,
  type ChildProcessOptions,
  type SpawnedProgram,
} from './spawn-program'
import { startFailure } from './start-failure'

/**
 * A program as a process port: started by `process.start`, in the same tick, without a shell, in a session and process
 * group of its own.
 *
 * A program that cannot start is `process.startFailed`, in the same tick too; nothing is ever thrown.
 *
 * @example
 * const port = childProcess(['/bin/sh', '-c', 'sort'], { cwd: '/srv' })
 */
export function childProcess(argv: Argv, options: ChildProcessOptions = {}): ProcessPort {
  const { cwd } = options
  return childProcessPort(() => spawnProgram(argv, options), argv[0], cwd)
}

/** A process port for what `spawn` starts, or throws; program and directory are for the words of a failure. */
export function childProcessPort(
  spawn: () => SpawnedProgram,
  program: string,
  directory?: string,
): ProcessPort {
  const source = createEventSource<ProcessEvent>()
  let isAsked = false
  let isLending = false
  let performRunning: (command: ProcessCommand) => void = ignore
  const fail = (error: unknown): void => {
    source.emit({ type: 'process.startFailed', ...startFailure(error, program, directory) })
    source.complete()
  }
  const start = (): void => {
    const { child, streams } = spawn()
    // Node tells why there is no process at the end of this tick, not before.
    child.once('error', fail)
    if (child.pid === undefined || streams === undefined) return
    performRunning = watchProgram({ child, pid: child.pid, streams }, source)
    if (isLending) performRunning({ type: 'process.lendOutput' })
    source.emit(startedAs(child.pid))
  }
  const startOnce = (): void => {
    if (isAsked) return
    isAsked = true
    try {
      start()
    } catch (error) {
      fail(error)
    }
  }
  const perform = (command: ProcessCommand): void => {
    if (command.type === 'process.start') return startOnce()
    // Whoever borrows may say so before there is anything to lend.
    isLending ||= command.type === 'process.lendOutput'
    performRunning(command)
  }
  return { event$: source.event$, perform }
}

function startedAs(processId: number): ProcessEvent {
  return { type: 'process.started', outputs: ['stdout', 'stderr'], isTerminal: false, processId }
}

/** Before the start and after a failed one there is nothing to command. */
function ignore(): void {}
