import { spawn, type ChildProcess, type SpawnOptions } from 'node:child_process'
import { chownSync, statSync } from 'node:fs'
import type { Duplex } from 'node:stream'
import { maskUnsharedDescriptors } from '@hawse/core'
import type { OpenTerminal } from './open-terminal'
import { reportDescriptor, startCommand } from './start-script'
import { requireSpareDescriptors } from './spare-descriptors'
import { terminalModeWords } from './terminal-mode-words'
import type { PtyProcessOptions } from './pty-process-options'

/** What becomes of a program; each is called once at most. */
export interface ProgramListener {
  /** The terminal is set up and the program runs. */
  readonly onStarted: () => void
  /** The program did not start; nothing follows. */
  readonly onStartFailed: (error: unknown) => void
  /** The program was reaped; always after `onStarted`. */
  readonly onExited: (code: number | null, signal: NodeJS.Signals | null) => void
}

/**
 * Starts a program as leader of a new session with this terminal as its controlling terminal.
 *
 * Returns the process id, undefined when there is none. Throws what `spawn` and `chown` throw.
 */
export function startProgram(
  argv: readonly [string, ...string[]],
  options: PtyProcessOptions,
  terminal: OpenTerminal,
  listener: ProgramListener,
): number | undefined {
  const env = programEnvironment(options, terminal.name)
  const command = startCommand({
    terminalName: terminal.name,
    modeWords: terminalModeWords(options.pty.modes, process.platform),
    argv,
    argv0: options.argv0,
    env,
  })
  giveTerminalAway(terminal.name, options.uid)
  requireSpareDescriptors()
  const child = spawn(command.file, command.arguments, spawnOptions(options, env, terminal.slaveFd))
  watchChild(child, listener)
  return child.pid
}

/** Nothing is inherited from this process; a program without PATH finds nothing. */
const defaultEnvironment = { PATH: '/usr/local/bin:/usr/bin:/bin' }

function programEnvironment(
  options: PtyProcessOptions,
  terminalName: string,
): Readonly<Record<string, string>> {
  const { env = defaultEnvironment, pty, ttyVariable } = options
  return {
    ...env,
    ...(pty.term === '' ? {} : { TERM: pty.term }),
    ...(ttyVariable === undefined ? {} : { [ttyVariable]: terminalName }),
  }
}

/** The program opens the terminal by name, under its own user id. The group (`tty`) stays. */
function giveTerminalAway(terminalName: string, uid: number | undefined): void {
  if (uid !== undefined) chownSync(terminalName, uid, statSync(terminalName).gid)
}

/**
 * The shell is silent until it has the terminal: bash complains of an unknown locale, for example. In the place of
 * the masters of all terminals, its own included, it has its own slave, which it closes where it can.
 */
function spawnOptions(
  options: PtyProcessOptions,
  env: Readonly<Record<string, string>>,
  slaveFd: number,
): SpawnOptions {
  const stdio = [slaveFd, 'ignore', 'ignore', 'pipe'] as const
  return {
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    ...(options.uid === undefined ? {} : { uid: options.uid }),
    ...(options.gid === undefined ? {} : { gid: options.gid }),
    env: { ...env },
    detached: true,
    stdio: [...maskUnsharedDescriptors(stdio, slaveFd, 'ignore')],
  }
}

/**
 * The report descriptor ends when the shell becomes the program; text on it says why that could not be.
 * 'close' is exit plus the end of the report, which the program does not inherit, so it is never late.
 */
function watchChild(child: ChildProcess, listener: ProgramListener): void {
  let report = ''
  let isOver = false
  let isStarted = false
  const start = () => {
    if (isOver || isStarted || report !== '') return
    isStarted = true
    listener.onStarted()
  }
  const fail = (error: unknown) => {
    if (isOver) return
    isOver = true
    listener.onStartFailed(error)
  }
  const reports = child.stdio[reportDescriptor] as Duplex | null | undefined
  reports?.on('data', (chunk: Buffer) => (report += chunk.toString()))
  reports?.on('error', () => undefined)
  reports?.on('end', () => {
    reports.destroy()
    if (child.pid !== undefined) start()
  })
  child.on('error', fail)
  child.on('close', (code, signal) => {
    if (report !== '') fail(new Error(`the terminal could not be taken: ${report.trim()}`))
    if (isOver) return
    start()
    isOver = true
    listener.onExited(code, signal)
  })
}
