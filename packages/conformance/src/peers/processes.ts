import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'

/** A process of this machine. */
export interface RunningProcess {
  readonly processId: number
  readonly parentId: number
  /** Its arguments, joined by spaces; empty for one that ends just now. */
  readonly commandLine: string
}

/** Whether a process runs whose arguments, joined by spaces, are exactly these. */
export function isRunning(commandLine: string): boolean {
  return runningProcesses().some((running) => running.commandLine === commandLine)
}

/** Process ids under a process, found by their parents. */
export function descendantsOf(processId: number): readonly number[] {
  const all = runningProcesses()
  const childrenOf = (parent: number): readonly number[] =>
    all
      .filter(({ parentId }) => parentId === parent)
      .flatMap((child) => [child.processId, ...childrenOf(child.processId)])
  return childrenOf(processId)
}

/**
 * Kills the process, or for a negative number the process group, whose number a program printed.
 *
 * Throws where the text is no such number: an empty one would read as 0, which is the group of whoever asks.
 */
export function killPrinted(text: string): void {
  const processId = Number(text)
  if (!Number.isInteger(processId) || Math.abs(processId) <= 1) {
    throw new Error(`the program printed ${JSON.stringify(text)}, expected a process number`)
  }
  process.kill(processId, 'SIGKILL')
}

/** From /proc where there is one, for a small system has no `ps`. */
function runningProcesses(): readonly RunningProcess[] {
  return existsSync('/proc/self/stat') ? processesOfProc() : processesOfPs()
}

function processesOfProc(): readonly RunningProcess[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        return [processOfProc(name)]
      } catch {
        // It ended between the listing and the reading.
        return []
      }
    })
}

/** The name in the second field of `stat` may hold anything; what follows its last parenthesis does not. */
function processOfProc(name: string): RunningProcess {
  const stat = readFileSync(`/proc/${name}/stat`, 'utf8')
  const [, parentId] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  const commandLine = readFileSync(`/proc/${name}/cmdline`, 'utf8')
    .replace(/\0$/, '')
    .replaceAll('\0', ' ')
  return { processId: Number(name), parentId: Number(parentId), commandLine }
}

function processesOfPs(): readonly RunningProcess[] {
  const table = execFileSync('ps', ['-e', '-w', '-w', '-o', 'pid=,ppid=,args='], {
    encoding: 'utf8',
  })
  return table.split('\n').flatMap((row) => {
    const [, processId, parentId, commandLine] = /^\s*(\d+)\s+(\d+)\s(.*?)\s*$/.exec(row) ?? []
    if (processId === undefined || commandLine === undefined) return []
    return [{ processId: Number(processId), parentId: Number(parentId), commandLine }]
  })
}
