/**
 * Quirk: Node gives a child socket pairs and calls them pipes, and has no way to ask the kernel for a pipe.
 *
 * A program notices. Whoever writes to a socket that we closed is told ECONNRESET instead of getting SIGPIPE, so
 * `yes` prints an error and exits with 1; and `/dev/stdin`, `/dev/stdout` and `/dev/stderr` cannot be opened (ENXIO).
 * FIFOs made by mkfifo would not do on Linux: opening `/dev/stdin` after its last writer is gone, which a pipe answers
 * with the end of file, waits for ever on a FIFO.
 *
 * But a shell can ask the kernel: dash, BusyBox and bash since 5.1 put a short here-document into a pipe. So one shell
 * is started with the first program and stays (pipe-holder.ts). It holds the pipes of the next two programs, makes
 * new ones in their place when it is told that some were taken, and both ends are opened through `/proc/<pid>/fd`.
 * That takes some hundred microseconds per program, needs no name in any file system, and leaves nothing behind
 * however this process ends: the shell ends with the input that we hold. Where there is no `/proc`, or the shell uses
 * files instead (ksh, zsh, older bash), the caller falls back to Node's socket pairs.
 */
import { closeSync, constants, openSync, readSync } from 'node:fs'
import process from 'node:process'
import { startPipeHolder, type HeldPipes, type PipeHolder } from './pipe-holder'

/** The two ends of a pipe. */
export interface Pipe {
  /** Descriptor of the end to read from: blocking for stdin, not blocking for the outputs. */
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

/** Whether programs get real pipes here; where not, they get Node's socket pairs. */
export function hasRealPipes(): boolean {
  const pipes = openStandardPipes()
  if (pipes === undefined) return false
  for (const { readFd, writeFd } of [pipes.stdin, pipes.stdout, pipes.stderr]) {
    closeSync(readFd)
    closeSync(writeFd)
  }
  return true
}

/** Makes three empty pipes; undefined where there is no way to have them. */
export function openStandardPipes(shell = '/bin/sh'): StandardPipes | undefined {
  if (process.platform !== 'linux' || unsuitableShells.has(shell)) return undefined
  const holder = holders.get(shell)
  return (holder && takeFrom(holder, shell)) ?? takeFromNew(shell)
}

/** Shells seen to make files of here-documents. */
const unsuitableShells = new Set<string>()

/** Each shell that holds pipes now. */
const holders = new Map<string, PipeHolder>()

function takeFromNew(shell: string): StandardPipes | undefined {
  const holder = startHolder(shell)
  return holder && takeFrom(holder, shell)
}

function startHolder(shell: string): PipeHolder | undefined {
  try {
    const started = startPipeHolder(shell, () => holders.delete(shell))
    if (started === 'makes files') unsuitableShells.add(shell)
    else holders.set(shell, started)
    return holders.get(shell)
  } catch {
    return undefined
  }
}

/** A shell that failed is ended: what it still holds is not known any more. */
function takeFrom(holder: PipeHolder, shell: string): StandardPipes | undefined {
  try {
    return holder.take(openPipes)
  } catch {
    holders.delete(shell)
    holder.end()
    return undefined
  }
}

function openPipes([stdin, stdout, stderr]: HeldPipes): StandardPipes {
  const openFds: number[] = []
  const open = (path: string, flags: number): number => {
    const fd = openSync(path, flags)
    openFds.push(fd)
    return fd
  }
  try {
    return {
      stdin: openInput(stdin, open),
      stdout: openOutput(stdout, open),
      stderr: openOutput(stderr, open),
    }
  } catch (error) {
    openFds.forEach((fd) => closeSync(fd))
    throw error
  }
}

type Open = (path: string, flags: number) => number

function openOutput(path: string, open: Open): Pipe {
  const readFd = open(path, constants.O_RDONLY | constants.O_NONBLOCK)
  empty(readFd)
  return { readFd, writeFd: open(path, constants.O_WRONLY) }
}

function openInput(path: string, open: Open): Pipe {
  const emptyingFd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK)
  try {
    empty(emptyingFd)
  } finally {
    closeSync(emptyingFd)
  }
  return { readFd: open(path, constants.O_RDONLY), writeFd: open(path, constants.O_WRONLY) }
}

/** Takes the newline of the here-document out of a pipe. */
function empty(readFd: number): void {
  readSync(readFd, new Uint8Array(2))
}
