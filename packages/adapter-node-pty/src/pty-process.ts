import {
  createEventSource,
  exited,
  signaled,
  unreported,
  type ExitOutcome,
  type ProcessCommand,
  type ProcessEvent,
  type ProcessPort,
} from '@hawse/core'
import type { PtyProcessOptions } from './pty-process-options'
import { createTerminalSession, type TerminalSession } from './terminal-session'

/**
 * A program in a pseudo-terminal of its own, as session leader, as a process port.
 *
 * `argv[0]` is looked up in PATH of `options.env`; no shell interprets the arguments. One output, `stdout`,
 * which ends when the program exits, whoever else holds the terminal. Where no node-pty is installed, or it
 * lacks something, `process.startFailed` carries the message of `UNSUPPORTED_NODE_PTY`.
 *
 * @example
 * const shell = ptyProcess(['/bin/bash'], { pty, env, argv0: '-bash', ttyVariable: 'SSH_TTY' })
 */
export function ptyProcess(
  argv: readonly [string, ...string[]],
  options: PtyProcessOptions,
): ProcessPort {
  const source = createEventSource<ProcessEvent>()
  const emit = (event: ProcessEvent) => {
    source.emit(event)
  }
  const session = createTerminalSession(argv, options, {
    onStarted: (processId) =>
      emit({ type: 'process.started', outputs: ['stdout'], isTerminal: true, processId }),
    onStartFailed: (reason) => emit({ type: 'process.startFailed', ...reason }),
    onOutput: (bytes) => emit({ type: 'process.output', output: 'stdout', bytes }),
    onOutputEnded: () => emit({ type: 'process.outputEnded', output: 'stdout' }),
    onInputWritten: (byteCount) => emit({ type: 'process.inputWritten', byteCount }),
    onInputLost: () => emit({ type: 'process.inputClosed' }),
    onExited: (code, signal) => emit({ type: 'process.exited', outcome: outcomeOf(code, signal) }),
    onOver: () => source.complete(),
  })
  return { event$: source.event$, perform: (command) => perform(session, command) }
}

function perform(session: TerminalSession, command: ProcessCommand): void {
  switch (command.type) {
    case 'process.start':
      return session.start()
    case 'process.write':
      return session.write(command.bytes)
    case 'process.pauseOutput':
      return session.pauseOutput()
    case 'process.resumeOutput':
      return session.resumeOutput()
    case 'process.signal':
      return session.signal(command.signal)
    case 'process.resize':
      return session.resize(command.size)
    case 'process.closeOutput':
    case 'process.disconnect':
      // A terminal has one line for both directions: not reading it any more is hanging it up.
      return session.hangUp()
    case 'process.closeInput':
    case 'process.sendBreak':
    case 'process.lendOutput':
      // End of input reaches nothing on a terminal (as with sshd); a pseudo-terminal has no line to break.
      return
  }
}

/** Node gives one of the two; neither would mean that nobody waited for the process. */
function outcomeOf(code: number | null, signal: NodeJS.Signals | null): ExitOutcome {
  if (signal !== null) return signaled(signal)
  return code === null ? unreported('the system did not say how the program ended') : exited(code)
}
