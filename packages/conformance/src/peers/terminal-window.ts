import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { waitUntil } from './wait-until'
import type { TemporaryFolder } from './temporary-folder'

/** A terminal window, kept by tmux, with a program in it, as a person has it in front of them. */
export interface TerminalWindow {
  /** Types text, without a line end of its own. */
  readonly type: (text: string) => void
  /** Presses a key by tmux's name for it: `Enter`, `C-c`. */
  readonly press: (key: string) => void
  /** Gives the window a new size, in characters. */
  readonly resize: (columns: number, rows: number) => void
  /** Waits until the window shows something; throws with the whole window when it does not. */
  readonly waitForText: (pattern: RegExp) => Promise<void>
  /** Waits for the end of the program and gives its exit code. */
  readonly waitForExitCode: () => Promise<number>
  /** Closes the window, which hangs up what still runs in it. */
  readonly close: () => void
}

/** Opens a window of a size in characters, with a command line of the shell running in it. */
export function openTerminalWindow(
  folder: TemporaryFolder,
  commandLine: string,
  size: { readonly columns: number; readonly rows: number } = { columns: 80, rows: 24 },
): TerminalWindow {
  const statusFile = folder.file('window.status')
  const scriptFile = folder.file('window.sh')
  writeFileSync(
    scriptFile,
    `${commandLine}\necho $? > ${statusFile}.new\nmv ${statusFile}.new ${statusFile}\n`,
  )
  const tmux = (...args: readonly string[]): string =>
    execFileSync('tmux', ['-S', folder.file('tmux'), '-f', '/dev/null', ...args], {
      encoding: 'utf8',
      stdio: 'pipe',
    })
  const dimensions = ['-x', String(size.columns), '-y', String(size.rows)]
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
    press: (key) => void tmux('send-keys', key),
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
