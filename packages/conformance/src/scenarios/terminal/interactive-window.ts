import { waitUntil } from '@hawse/port-conformance'
import { openTerminalWindow, type TerminalWindow } from '../../peers/terminal-window'
import { sshArguments } from '../../servers/server-under-test'
import type { ScenarioContext } from '../scenario'

/** The size, in characters, of the windows that people sit at. */
export const windowSize = { columns: 101, rows: 31 } as const

/** What the shell of `withShell` shows when it waits, after whatever was there before. */
export const readyPrompt = /ready>\s*$/

/** Opens a window with a command line in it for as long as it is used. */
export async function withWindow(
  { folder }: ScenarioContext,
  commandLine: string,
  use: (window: TerminalWindow) => Promise<void>,
  name = 'window',
): Promise<void> {
  const window = openTerminalWindow(folder, commandLine, { ...windowSize, name })
  try {
    await use(window)
  } finally {
    window.close()
  }
}

/** How a person logs in. */
export interface ShellOptions {
  /** Options of `ssh`. */
  readonly options?: readonly string[]
  /** What is run in the window before `ssh`. */
  readonly before?: string
  /** Tells the window from another one. */
  readonly name?: string
}

/** Opens a window, logs in, and gives the shell a prompt that nothing else looks like. */
export async function withShell(
  context: ScenarioContext,
  use: (window: TerminalWindow) => Promise<void>,
  { options = [], before = ':', name = 'window' }: ShellOptions = {},
): Promise<void> {
  const run = async (window: TerminalWindow): Promise<void> => {
    await window.waitForText(/[$#%>]\s*$/)
    enter(window, `unset HISTFILE; ulimit -c 0; PS1='rea''dy> '`)
    await window.waitForText(readyPrompt)
    await use(window)
  }
  await withWindow(context, `${before}; ${sshLine(context, [], options)}`, run, name)
}

/** Leaves the shell with a code, and waits for that of `ssh`. */
export function leave(window: TerminalWindow, code: number): Promise<number> {
  enter(window, `exit ${code}`)
  return window.waitForExitCode()
}

/** Types a line and ends it. */
export function enter(window: TerminalWindow, line: string): void {
  window.type(line)
  window.press('Enter')
}

/** Types a line, ends it, and waits for what comes of it. */
export async function enterAndWait(
  window: TerminalWindow,
  line: string,
  pattern: RegExp,
): Promise<void> {
  enter(window, line)
  await window.waitForText(pattern)
}

/** Waits until the window no longer shows something. */
export function waitForAbsence(window: TerminalWindow, pattern: RegExp): Promise<void> {
  return waitUntil(
    () => !pattern.test(window.screen()),
    () => `the window should not show ${String(pattern)}, it shows:\n${window.screen()}`,
  )
}

/** The `ssh` command line for a shell, each argument quoted. */
export function sshLine(
  { server }: ScenarioContext,
  command: readonly string[],
  options: readonly string[] = [],
): string {
  return ['ssh', ...sshArguments(server, command, options)].map(quote).join(' ')
}

function quote(argument: string): string {
  return `'${argument.replaceAll("'", `'\\''`)}'`
}
