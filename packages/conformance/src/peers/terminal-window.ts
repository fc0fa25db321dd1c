import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { type TemporaryFolder, waitUntil } from '@hawse/port-conformance'

/** A terminal window, kept by tmux, with a program in it, as a person has it in front of them. */
export interface TerminalWindow {
  /** Types text, without a line end of its own. */
  readonly type: (text: string) => void
  /** Presses keys by tmux's names for them: `Enter`, `C-c`. */
  readonly press: (...keys: readonly string[]) => void
  /** Types everything that a file holds, as fast as the terminal takes it. */
  readonly paste: (file: string) => void
  /** What it shows now. */
  readonly screen: () => string
  /** The device name of the terminal in it. */
  readonly terminalName: () => string
  /** Gives the window a new size, in characters. */
  readonly resize: (columns: number, rows: number) => void
  /** Waits until the window shows something; throws with the whole window when it does not. */
  readonly waitForText: (pattern: RegExp) => Promise<void>
  /** Waits for the end of the program and gives its exit code. */
  readonly waitForExitCode: () => Promise<number>
  /** Closes the window, which hangs up what still runs in it. */
  readonly close: () => void
}

/** What a window is like. */
export interface WindowOptions {
  /** Width in characters. */
  readonly columns: number
  /** Height in characters. */
  readonly rows: number
  /** Tells it from another window of the same folder. */
  readonly name?: string
}

/** Opens a window of a size in characters, with a command line of the shell running in it. */
export function openTerminalWindow(
  folder: TemporaryFolder,
  commandLine: string,
  { columns, rows, name = 'window' }: WindowOptions = { columns: 80, rows: 24 },
): TerminalWindow {
  const statusFile = folder.file(`${name}.status`)
  const scriptFile = folder.file(`${name}.sh`)
  writeFileSync(
    scriptFile,
    `${commandLine}\necho $? > ${statusFile}.new\nmv ${statusFile}.new ${statusFile}\n`,
  )
  const tmux = (...args: readonly string[]): string =>
    execFileSync('tmux', ['-u', '-S', folder.file(`${name}.tmux`), '-f', '/dev/null', ...args], {
      encoding: 'utf8',
      stdio: 'pipe',
      env: { ...process.env, LC_ALL: 'C.UTF-8' },
    })
  const dimensions = ['-x', String(columns), '-y', String(rows)]
  tmux('new-session', '-d', ...dimensions, `sh ${scriptFile}; exec sleep 600`)
  tmux('set-option', '-g', 'status', 'off')
  tmux('resize-window', ...dimensions)
  return windowOf(tmux, statusFile)
}

function windowOf(
  tmux: (...args: readonly string[]) => string,
  statusFile: string,
): TerminalWindow {
  const screen = (): string => tmux('capture-pane', '-p')
  return {
    type: (text) => void tmux('send-keys', '-l', text),
    press: (...keys) => void tmux('send-keys', ...keys),
    paste: (file) => void tmux('load-buffer', file, ';', 'paste-buffer'),
    screen,
    terminalName: () => tmux('display-message', '-p', '#{pane_tty}').trim(),
    resize: (columns, rows) =>
      void tmux('resize-window', '-x', String(columns), '-y', String(rows)),
    waitForText: (pattern) =>
      waitUntil(
        () => pattern.test(screen()),
        () => `the window should show ${String(pattern)}, it shows:\n${screen()}`,
      ),
    waitForExitCode: async () => {
      await waitUntil(
        () => existsSync(statusFile),
        () => `the program should end, the window shows:\n${screen()}`,
      )
      return Number(readFileSync(statusFile, 'utf8'))
    },
    close: () => void tmux('kill-server'),
  }
}
