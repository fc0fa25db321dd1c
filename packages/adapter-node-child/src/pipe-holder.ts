import type { ChildProcess } from 'node:child_process'
import { readlinkSync } from 'node:fs'
import { Socket } from 'node:net'
import { requireSpareDescriptors } from './spare-descriptors'
import { spawnMasked } from './spawn-masked'

/** Names under which the pipes for stdin, stdout and stderr of a program can be opened, each with one newline in it. */
export type HeldPipes = readonly [stdin: string, stdout: string, stderr: string]

/** A shell that holds pipes, and makes others in the place of those that were taken. */
export interface PipeHolder {
  /**
   * Has three pipes opened, which the shell then lets go. Waits, without turning the event loop, where the shell has
   * not made them yet. Throws what `open` throws, and where the shell has ended; the holder is of no use then.
   */
  take<Result>(open: (pipes: HeldPipes) => Result): Result
  /** Ends the shell, and tells nobody. */
  end(): void
}

/** What a shell that was started turns out to be. */
export type StartedHolder = PipeHolder | 'makes files'

/**
 * Starts a shell that stays until it is ended or this process ends, which it does not keep from ending.
 *
 * `onEnd` is called once where it ends by itself. Throws where there is no such shell, or it does not hold pipes soon.
 */
export function startPipeHolder(shell: string, onEnd: () => void): StartedHolder {
  requireSpareDescriptors()
  const child = spawnMasked(shell, ['-c', holdingScript], ['pipe', 'ignore', 'ignore'], {
    env: {},
    cwd: '/',
  })
  const end = endOf(child, onEnd)
  try {
    const { pid } = child
    if (pid === undefined) throw new Error('there is no shell, or no process left')
    waitUntil(() => readlinkSync(heldPath(pid, 1)) !== unopened)
    const sets = heldFds.map((fds) => heldSet(pid, fds))
    if (sets.every(({ names }) => names().every(isPipe))) return { take: takerOf(child, sets), end }
    end()
    return 'makes files'
  } catch (error) {
    end()
    throw error
  }
}

/** Longest time a shell may take to start or to make pipes, in milliseconds; it takes one or two, and less than one. */
const boundMs = 2_000
const pollIntervalMs = 0.05
const unopened = '/dev/null'
const absent = ''

/** Descriptors of the shell for stdin, stdout and stderr of two programs; dash knows none above 9. */
const heldFds = [
  [3, 4, 5],
  [6, 7, 8],
] as const

/**
 * Descriptors 3 to 8 become pipes with one newline in each (bash opens /dev/null for an empty here-document), then 1
 * becomes a copy of 0, which says that all are there. Each line that is read has three of them made anew, in turn.
 */
const holdingScript = `exec ${documents([3, 4, 5, 6, 7, 8], '>&0')}
while read line; do
exec ${documents([3, 4, 5])}
read line
exec ${documents([6, 7, 8])}
done`

function documents(fds: readonly number[], more = ''): string {
  return `${fds.map((fd) => `${String(fd)}<<E`).join(' ')} ${more}${'\n\nE'.repeat(fds.length)}`
}

function takerOf(child: ChildProcess, sets: readonly HeldSet[]): PipeHolder['take'] {
  const takenNames = sets.map((): readonly string[] => [])
  let turn = 0
  return (open) => {
    const { pipes, names } = sets[turn] as HeldSet
    let madeNames: readonly string[] = []
    waitUntil(() => {
      madeNames = names()
      return madeNames.every((name, index) => name !== absent && name !== takenNames[turn]?.[index])
    })
    if (!madeNames.every(isPipe)) throw new Error('the shell made a file')
    const result = open(pipes)
    takenNames[turn] = madeNames
    turn = (turn + 1) % sets.length
    child.stdin?.write('\n')
    return result
  }
}

/** The pipes for one program. */
interface HeldSet {
  readonly pipes: HeldPipes
  /** What the kernel calls each now; throws where the shell has ended. */
  readonly names: () => readonly string[]
}

function heldSet(pid: number, [stdin, stdout, stderr]: readonly [number, number, number]): HeldSet {
  const pipes = [heldPath(pid, stdin), heldPath(pid, stdout), heldPath(pid, stderr)] as const
  const inputPath = heldPath(pid, 0)
  return { pipes, names: () => pipes.map((path) => nameOf(path, inputPath)) }
}

/** A shell may close one pipe before it puts another in its place; only one that has ended has no input either. */
function nameOf(path: string, inputPath: string): string {
  try {
    return readlinkSync(path)
  } catch {
    readlinkSync(inputPath)
    return absent
  }
}

function isPipe(name: string): boolean {
  return name.startsWith('pipe:')
}

function heldPath(pid: number, fd: number): string {
  return `/proc/${pid}/fd/${fd}`
}

/** Waits without turning the event loop: a program has to start in the tick it is asked to. */
function waitUntil(isReached: () => boolean): void {
  if (isReached()) return
  const clock = new Int32Array(new SharedArrayBuffer(4))
  const deadlineMs = performance.now() + boundMs
  while (!isReached()) {
    if (performance.now() > deadlineMs) throw new Error('the shell makes no pipes')
    Atomics.wait(clock, 0, 0, pollIntervalMs)
  }
}

/** Has a shell not keep this process alive, and gives what ends it. */
function endOf(child: ChildProcess, onEnd: () => void): () => void {
  let isEnded = false
  const tell = (): void => {
    if (!isEnded) onEnd()
    isEnded = true
  }
  child.on('error', tell)
  child.on('exit', tell)
  child.unref()
  if (child.stdin instanceof Socket) child.stdin.on('error', () => undefined).unref()
  return () => {
    isEnded = true
    child.stdin?.destroy()
    // Killing a child that did not start kills process 0, which is the whole group of this process.
    if (child.pid !== undefined) child.kill('SIGKILL')
  }
}
