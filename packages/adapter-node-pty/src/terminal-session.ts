import type { TerminalSize } from '@hawse/core'
import { signalForegroundGroup } from './foreground-group'
import { loadNodePty } from './load-node-pty'
import type { NodePty } from './node-pty'
import { openTerminal, type OpenTerminal } from './open-terminal'
import type { PtyProcessOptions } from './pty-process-options'
import { startFailureReason, type StartFailureReason } from './start-failure'
import { requireSpareDescriptors } from './spare-descriptors'
import { startProgram } from './start-program'
import { changedDimensions, defaultDimensions } from './terminal-dimensions'
import { createTerminalInput, type TerminalInput } from './terminal-input'
import { createTerminalOutput, type TerminalOutput } from './terminal-output'

/** A terminal with a program on it, from before the start to after the end. */
export interface TerminalSession {
  start(): void
  write(bytes: Uint8Array): void
  pauseOutput(): void
  resumeOutput(): void
  signal(name: string): void
  resize(size: TerminalSize): void
  hangUp(): void
}

/** What happens in a terminal session, in the order of the process port. */
export interface TerminalSessionListener {
  readonly onStarted: (processId: number) => void
  readonly onStartFailed: (reason: StartFailureReason) => void
  readonly onOutput: (bytes: Uint8Array) => void
  readonly onOutputEnded: () => void
  readonly onInputWritten: (byteCount: number) => void
  readonly onInputLost: () => void
  readonly onExited: (code: number | null, signal: NodeJS.Signals | null) => void
  /** Nothing follows, and every descriptor is closed. */
  readonly onOver: () => void
}

/** Sets up a session; nothing runs and nothing is open until `start`. No method throws. */
export function createTerminalSession(
  argv: readonly [string, ...string[]],
  options: PtyProcessOptions,
  listener: TerminalSessionListener,
): TerminalSession {
  return new Session(argv, options, listener)
}

/**
 * idle -> starting -> running -> exited -> over; output may end first, by a hang-up. `over` is reached when the
 * program was reaped and its output ended, or when it did not start.
 */
class Session implements TerminalSession {
  #phase: 'idle' | 'starting' | 'running' | 'exited' | 'over' = 'idle'
  #size = defaultDimensions
  #isHungUp = false
  #hasOutputEnded = false
  #terminal: OpenTerminal | undefined
  #programId: number | undefined
  readonly #input: TerminalInput
  readonly #output: TerminalOutput

  constructor(
    private readonly argv: readonly [string, ...string[]],
    private readonly options: PtyProcessOptions,
    private readonly listener: TerminalSessionListener,
  ) {
    this.#size = changedDimensions(defaultDimensions, options.pty.size)
    this.#input = createTerminalInput({
      onWritten: listener.onInputWritten,
      onLost: listener.onInputLost,
    })
    this.#output = createTerminalOutput({
      onBytes: listener.onOutput,
      onEnded: () => this.#outputEnded(),
    })
  }

  start(): void {
    if (this.#phase !== 'idle') return
    this.#phase = 'starting'
    const { terminals } = this.options
    if (terminals !== undefined) return this.#open(terminals)
    loadNodePty().then(
      (nodePty) => this.#open(nodePty),
      (error: unknown) => this.#startFailed(error),
    )
  }

  write(bytes: Uint8Array): void {
    if (this.#phase !== 'over') this.#input.write(bytes)
  }

  pauseOutput(): void {
    this.#output.pause()
  }

  resumeOutput(): void {
    this.#output.resume()
  }

  signal(name: string): void {
    const isAlive = this.#phase === 'starting' || this.#phase === 'running'
    if (isAlive && this.#programId !== undefined) signalForegroundGroup(this.#programId, name)
  }

  resize(size: TerminalSize): void {
    this.#size = changedDimensions(this.#size, size)
    this.#terminal?.resize(this.#size)
  }

  hangUp(): void {
    this.#isHungUp = true
    this.#terminal?.close()
    // Before the program runs there is no output to end; the shell under way fails or is killed by the hang-up.
    if (this.#phase === 'running' || this.#phase === 'exited') this.#endStreams()
  }

  #open(nodePty: NodePty): void {
    try {
      if (this.#isHungUp) throw new Error('the session was hung up before the program started')
      // node-pty forgets the ends of a terminal that it could open and then not read.
      requireSpareDescriptors()
      this.#terminal = openTerminal(nodePty, this.#size)
      this.#programId = startProgram(this.argv, this.options, this.#terminal, {
        onStarted: () => this.#started(),
        onStartFailed: (error) => this.#startFailed(error),
        onExited: (code, signal) => this.#exited(code, signal),
      })
    } catch (error) {
      this.#startFailed(error)
    }
  }

  #startFailed(error: unknown): void {
    this.#terminal?.close()
    this.#phase = 'over'
    this.listener.onStartFailed(startFailureReason(error, this.options.cwd))
    this.listener.onOver()
  }

  #started(): void {
    if (this.#terminal === undefined || this.#programId === undefined) return
    this.#phase = 'running'
    this.listener.onStarted(this.#programId)
    if (this.#isHungUp) return this.#endStreams()
    this.#input.open(this.#terminal.masterFd)
    this.#output.open(this.#terminal)
  }

  #exited(code: number | null, signal: NodeJS.Signals | null): void {
    this.#phase = 'exited'
    this.listener.onExited(code, signal)
    this.#input.close()
    this.#output.finish()
    this.#endIfOver()
  }

  #endStreams(): void {
    this.#input.close()
    this.#output.discard()
  }

  #outputEnded(): void {
    this.#hasOutputEnded = true
    this.listener.onOutputEnded()
    this.#endIfOver()
  }

  #endIfOver(): void {
    if (this.#phase !== 'exited' || !this.#hasOutputEnded) return
    this.#phase = 'over'
    this.#terminal?.close()
    this.listener.onOver()
  }
}
