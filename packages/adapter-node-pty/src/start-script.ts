import { existsSync } from 'node:fs'

/** What the shell between us and the program has to do. */
export interface ProgramStart {
  /** Device name of the terminal. */
  readonly terminalName: string
  /** Arguments for `stty`, one entry per mode. */
  readonly modeWords: readonly (readonly string[])[]
  /** Program and arguments; the program is looked up in PATH of the environment. */
  readonly argv: readonly [string, ...string[]]
  /** What the program sees as its own name; `-bash` makes a login shell. */
  readonly argv0: string | undefined
  /** The program's environment; the shell's additions to it are taken back. */
  readonly env: Readonly<Record<string, string>>
}

/** Descriptor on which the shell says why it failed; closed when the program takes over. */
export const reportDescriptor = 3

/**
 * The command line of a shell that makes the terminal its own and becomes the program.
 *
 * Node can start a session (`detached`) but not give it a controlling terminal: that is what opening the
 * terminal by name does for a session leader. The shell also sets the modes, closes descriptors that leaked
 * into it (node-pty's masters are not close-on-exec) and gives the program another name.
 */
export function startCommand(start: ProgramStart): {
  readonly file: string
  readonly arguments: readonly string[]
} {
  const shell = findShell()
  const script = [
    ...takeTerminal(start.terminalName),
    ...setModes(start.modeWords),
    ...closeDescriptors(shell.isBash),
    ...restoreEnvironment(start.env),
    becomeProgram(start.argv0, shell.isBash),
  ]
  return {
    file: shell.file,
    // The word after the script is the shell's name in its own messages.
    arguments: [...shell.flags, '-c', script.join('\n'), basename(shell.file), ...start.argv],
  }
}

/** Any failure here is reported on the report descriptor, before the program can have run. */
function takeTerminal(terminalName: string): readonly string[] {
  return [
    `{ exec 0<>${quote(terminalName)}; } 2>&${reportDescriptor} || exit 254`,
    'exec 1>&0 2>&0',
  ]
}

/** One `stty` for all; where it refuses something, one for each, so that no mode takes others with it. */
function setModes(modeWords: readonly (readonly string[])[]): readonly string[] {
  if (modeWords.length === 0) return []
  const each = modeWords.map((words) => `${stty(words)};`)
  return [`${stty(modeWords.flat())} || { ${each.join(' ')} }`]
}

function stty(words: readonly string[]): string {
  return `command -p stty ${words.map(quote).join(' ')} 2>/dev/null ${reportDescriptor}>&-`
}

/** Everything above the report descriptor. dash knows only one-digit descriptors and dies of others. */
function closeDescriptors(isBash: boolean): readonly string[] {
  const directory = process.platform === 'linux' ? '/proc/self/fd' : '/dev/fd'
  const loop = `for hawse_fd in ${directory}/*; do
case \${hawse_fd##*/} in [0-${reportDescriptor}] | *[!0-9]*) ;; *) eval "exec \${hawse_fd##*/}>&-" ;; esac
done`
  return [isBash ? loop : `if (eval 'exec 10>&-') 2>/dev/null; then ${loop}; fi`, 'unset hawse_fd']
}

/**
 * Shells set the first two on their own and drop the others when they are not interactive.
 * SHLVL stays: bash puts it back on exec.
 */
function restoreEnvironment(env: Readonly<Record<string, string>>): readonly string[] {
  return ['PWD', 'OLDPWD', 'PS1', 'PS2', 'PS4'].map((name) => {
    const value = env[name]
    return value === undefined ? `unset ${name}` : `export ${name}=${quote(value)}`
  })
}

/** Closing the report descriptor says that all went well; what fails after it fails on the terminal. */
function becomeProgram(argv0: string | undefined, isBash: boolean): string {
  const close = `exec ${reportDescriptor}>&-`
  if (argv0 === undefined) return `${close}; exec "$@"`
  const named = `exec -a ${quote(argv0)} "$@"`
  if (isBash) return `${close}; ${named}`
  return `${close}; if (exec -a true true) 2>/dev/null; then ${named}; fi; exec "$@"`
}

/** bash where there is one: it closes any descriptor and has `exec -a`. `-p` keeps it from reading BASH_ENV. */
function findShell(): {
  readonly file: string
  readonly flags: readonly string[]
  readonly isBash: boolean
} {
  bashFile ??= bashFiles.find((file) => existsSync(file)) ?? ''
  if (bashFile === '') return { file: '/bin/sh', flags: [], isBash: false }
  return { file: bashFile, flags: ['-p'], isBash: true }
}

const bashFiles = ['/bin/bash', '/usr/bin/bash', '/usr/local/bin/bash']
let bashFile: string | undefined

function quote(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`
}

function basename(file: string): string {
  return file.slice(file.lastIndexOf('/') + 1)
}
