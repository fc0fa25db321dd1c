import type { ChildProcess } from 'node:child_process'
import { closeSync, fchownSync } from 'node:fs'
import { Socket } from 'node:net'
import { defaultEnvironment } from './default-environment'
import { pipeOutput, socketOutput, type OutputStream } from './output-stream'
import { openStandardPipes, type StandardPipes } from './real-pipes'
import { requireSpareDescriptors } from './spare-descriptors'
import { spawnMasked, type StandardEntries } from './spawn-masked'

/** How a program is started. */
export interface ChildProcessOptions {
  /** The whole environment of the program; `defaultEnvironment` when not given. */
  readonly env?: Readonly<Record<string, string>>
  /** Directory to start in; that of this process when not given. */
  readonly cwd?: string
  /** User to run as, by number. Node then drops every supplementary group; give `gid` too. */
  readonly uid?: number
  /** Group to run as, by number. */
  readonly gid?: number
  /** What the program is told as its own name (argv[0]), such as `-bash` for a login shell. */
  readonly argv0?: string
}

/** A program and its arguments; no shell is involved. */
export type Argv = readonly [string, ...string[]]

/** Our ends of the standard streams of a program. */
export interface StandardStreams {
  readonly stdin: Socket
  readonly stdout: OutputStream
  readonly stderr: OutputStream
}

/** A program that was started, or, without streams, one whose child is about to emit 'error'. */
export interface SpawnedProgram {
  readonly child: ChildProcess
  readonly streams: StandardStreams | undefined
}

/**
 * Starts a program in a session and process group of its own, on pipes where they can be had, else on socket pairs.
 *
 * Throws what `spawn` throws: a NUL character, an argument list too long, no permission to become the user, no descriptor left.
 */
export function spawnProgram(
  argv: Argv,
  options: ChildProcessOptions,
  openPipes: () => StandardPipes | undefined = openStandardPipes,
): SpawnedProgram {
  const pipes = openPipes()
  return pipes === undefined
    ? spawnOnSocketPairs(argv, options)
    : spawnOnPipes(argv, options, pipes)
}

function spawnOnSocketPairs(argv: Argv, options: ChildProcessOptions): SpawnedProgram {
  requireSpareDescriptors()
  const child = spawnWith(argv, options, ['pipe', 'pipe', 'pipe'])
  const { stdin, stdout, stderr } = child
  const isStarted = child.pid !== undefined
  if (!isStarted || !isSocket(stdin) || !isSocket(stdout) || !isSocket(stderr))
    return { child, streams: undefined }
  const streams = { stdin, stdout: socketOutput(stdout), stderr: socketOutput(stderr) }
  return { child, streams }
}

function spawnOnPipes(
  argv: Argv,
  options: ChildProcessOptions,
  { stdin, stdout, stderr }: StandardPipes,
): SpawnedProgram {
  const theirFds = [stdin.readFd, stdout.writeFd, stderr.writeFd]
  const ourFds = [stdin.writeFd, stdout.readFd, stderr.readFd]
  let child: ChildProcess | undefined
  try {
    theirFds.forEach((fd) => handOver(fd, options))
    child = spawnWith(argv, options, theirFds)
  } finally {
    closeAll(theirFds)
    if (child?.pid === undefined) closeAll(ourFds)
  }
  if (child.pid === undefined) return { child, streams: undefined }
  const streams = {
    stdin: new Socket({ fd: stdin.writeFd, readable: false, writable: true }),
    stdout: pipeOutput(stdout.readFd),
    stderr: pipeOutput(stderr.readFd),
  }
  return { child, streams }
}

function spawnWith(argv: Argv, options: ChildProcessOptions, stdio: StandardEntries): ChildProcess {
  const [program, ...args] = argv
  const { env = defaultEnvironment, ...rest } = options
  return spawnMasked(program, args, stdio, { ...rest, env })
}

/** Lets another user open `/dev/stdout` and its like by name: only the owner of a pipe may. */
function handOver(fd: number, { uid, gid }: ChildProcessOptions): void {
  if (uid !== undefined || gid !== undefined) fchownSync(fd, uid ?? -1, gid ?? -1)
}

function closeAll(fds: readonly number[]): void {
  fds.forEach((fd) => closeSync(fd))
}

function isSocket(stream: unknown): stream is Socket {
  return stream instanceof Socket
}
