/**
 * Quirk: Node gives a child socket pairs and calls them pipes, and has no way to ask the kernel for a pipe.
 *
 * A program notices. Whoever writes to a socket that we closed is told ECONNRESET instead of getting SIGPIPE, so
 * `yes` prints an error and exits with 1; and `/dev/stdin`, `/dev/stdout` and `/dev/stderr` cannot be opened (ENXIO).
 * FIFOs made by mkfifo would not do on Linux: opening `/dev/stdin` after its last writer is gone, which a pipe answers
 * with the end of file, waits for ever on a FIFO.
 *
 * But a shell can ask the kernel: dash, BusyBox and bash since 5.1 put a short here-document into a pipe. So a shell
 * is started that holds one pipe per here-document, both ends of each are opened through `/proc/<pid>/fd`, and the
 * shell is killed. That takes one to three milliseconds per program, needs no name in any file system, and leaves
 * nothing behind however this process ends: the shell ends with the input that we hold. Where there is no `/proc`, or
 * the shell uses files instead (ksh, zsh, older bash), the caller falls back to Node's socket pairs.
 */
import { spawn, type ChildProcess } from 'node:child_process'
import { closeSync, constants, openSync, readlinkSync, readSync } from 'node:fs'
import process from 'node:process'

/** The two ends of a pipe. */
export interface Pipe {
  /** Descriptor of the end to read from, blocking. */
  readonly readFd: number
  /** Descriptor of the end to write to, blocking. */
  readonly writeFd: number
}

/** One pipe for each standard stream of a program. */
export interface StandardPipes {
  readonly stdin: Pipe
  readonly stdout: Pipe
  readonly stderr: Pipe
}

/** Whether programs get real pipes here; where not, they get Node's socket pairs. Costs as much as one start. */
export function hasRealPipes(): boolean {
  const pipes = openStandardPipes()
  if (pipes === undefined) return false
  Object.values(pipes).forEach(({ readFd, writeFd }: Pipe) => [readFd, writeFd].forEach(closeFd))
  return true
}

/** Makes three empty pipes whose ends nobody else keeps; undefined where there is no way to have them. */
export function openStandardPipes(shell = '/bin/sh'): StandardPipes | undefined {
  if (process.platform !== 'linux' || unsuitableShells.has(shell)) return undefined
  const openFds: number[] = []
  try {
    return holdPipesWhile(shell, (pid) => {
      if (!heldFds.every((fd) => isPipe(pid, fd))) unsuitableShells.add(shell)
      return openHeldPipes(pid, openFds)
    })
  } catch {
    openFds.forEach(closeFd)
    return undefined
  }
}

function holdPipesWhile<Result>(shell: string, use: (pid: number) => Result): Result {
  const holder = startHolder(shell)
  try {
    if (holder.pid === undefined) throw new Error('there is no shell, or no process left')
    waitUntilHolding(holder.pid)
    return use(holder.pid)
  } finally {
    holder.stdin?.destroy()
    // Killing a child that did not start kills process 0, which is the whole group of this process.
    if (holder.pid !== undefined) holder.kill('SIGKILL')
  }
}

/** Longest time a shell may take to start, in milliseconds; it takes one or two. */
const startBoundMs = 2_000
const pollIntervalMs = 0.05
const unopened = '/dev/null'

/** Shells seen to make files of here-documents. */
const unsuitableShells = new Set<string>()

/** Descriptors of the shell for stdin, stdout and stderr of the program. */
const heldFds = [3, 4, 5] as const

/**
 * Descriptors 3, 4 and 5 become pipes with one newline in each (bash opens /dev/null for an empty here-document), then
 * 1 becomes a copy of the last, which says that all are there.
 */
const holdingScript = 'exec 3<<E 4<<E 5<<E >&5\n\nE\n\nE\n\nE\nread line\n'

function startHolder(shell: string): ChildProcess {
  const holder = spawn(shell, ['-c', holdingScript], {
    stdio: ['pipe', 'ignore', 'ignore'],
    env: { NODE_V8_COVERAGE: undefined },
    cwd: '/',
  })
  holder.on('error', () => undefined)
  holder.stdin.on('error', () => undefined)
  holder.unref()
  return holder
}

/** Waits without turning the event loop: the program has to start in the tick it is asked to. */
function waitUntilHolding(pid: number): void {
  const clock = new Int32Array(new SharedArrayBuffer(4))
  const deadlineMs = performance.now() + startBoundMs
  while (readlinkSync(heldPath(pid, 1)) === unopened) {
    if (performance.now() > deadlineMs) throw new Error('the shell does not start')
    Atomics.wait(clock, 0, 0, pollIntervalMs)
  }
}

function openHeldPipes(pid: number, openFds: number[]): StandardPipes {
  const open = (path: string, flags: number): number => {
    const fd = openSync(path, flags)
    openFds.push(fd)
    return fd
  }
  const openPipe = (heldFd: number): Pipe => {
    if (!isPipe(pid, heldFd)) throw new Error('the shell made a file')
    const path = heldPath(pid, heldFd)
    empty(path)
    return { readFd: open(path, constants.O_RDONLY), writeFd: open(path, constants.O_WRONLY) }
  }
  const [stdin, stdout, stderr] = heldFds
  return { stdin: openPipe(stdin), stdout: openPipe(stdout), stderr: openPipe(stderr) }
}

function isPipe(pid: number, fd: number): boolean {
  return readlinkSync(heldPath(pid, fd)).startsWith('pipe:')
}

/** Takes the newline of the here-document out of a pipe. */
function empty(path: string): void {
  const fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK)
  try {
    readSync(fd, new Uint8Array(2))
  } finally {
    closeSync(fd)
  }
}

function heldPath(pid: number, fd: number): string {
  return `/proc/${pid}/fd/${fd}`
}

function closeFd(fd: number): void {
  closeSync(fd)
}
