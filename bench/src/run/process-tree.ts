import { readdirSync, readFileSync } from 'node:fs'

/** CPU time in seconds, user and system, since the start of a server. */
export interface TreeCpu {
  /** What the server's own processes that live used: for `sshd` with those of its open connections. */
  readonly ownSeconds: number
  /** Those, the programs under them, and every process of the tree that has ended. */
  readonly treeSeconds: number
}

/** Memory in bytes, shared pages counted by share where the kernel tells (PSS). */
export interface TreeMemory {
  readonly ownBytes: number
  readonly treeBytes: number
}

interface ProcessStat {
  readonly processId: number
  readonly parentId: number
  readonly name: string
  /** Of the process itself, threads that have ended included. */
  readonly cpuTicks: number
  /** Of its children that it has waited for. */
  readonly childTicks: number
}

/** A server's tree at one moment. */
interface ProcessTree {
  /** Processes of the server: its first one, and those under it that bear the same name. */
  readonly own: readonly ProcessStat[]
  /** Processes that run the users' programs. */
  readonly programs: readonly ProcessStat[]
}

/** Linux counts in hundredths of a second, whatever the kernel's own clock. */
const ticksPerSecond = 100
const pageBytes = 4096

/** Reads the CPU time of the tree under a process. */
export function readCpu(processId: number): TreeCpu {
  const { own, programs } = readTree(processId)
  const ownSeconds = sum(own, cpuSeconds)
  const endedSeconds = sum([...own, ...programs], ({ childTicks }) => childTicks / ticksPerSecond)
  return { ownSeconds, treeSeconds: ownSeconds + sum(programs, cpuSeconds) + endedSeconds }
}

/**
 * The scheduler counts nanoseconds, for threads that live; the clock of `stat` would miss all that many processes do in
 * less than a tick each.
 */
function cpuSeconds({ processId, cpuTicks }: ProcessStat): number {
  const nanoseconds = sum(threadsOf(processId), (thread) => {
    const [running] = readProc(`/proc/${processId}/task/${thread}/schedstat`).split(' ')
    return Number(running ?? 0)
  })
  return Math.max(nanoseconds / 1e9, cpuTicks / ticksPerSecond)
}

function threadsOf(processId: number): readonly string[] {
  try {
    return readdirSync(`/proc/${processId}/task`)
  } catch {
    return []
  }
}

/** Reads the memory of the tree under a process. */
export function readMemory(processId: number): TreeMemory {
  const { own, programs } = readTree(processId)
  const ownBytes = sum(own, (one) => proportionalBytes(one.processId))
  return {
    ownBytes,
    treeBytes: ownBytes + sum(programs, (one) => proportionalBytes(one.processId)),
  }
}

/** How many processes of the server itself there are. */
export function countOwnProcesses(processId: number): number {
  return readTree(processId).own.length
}

/** Ids of the server's own processes. */
export function ownProcessIds(processId: number): readonly number[] {
  return readTree(processId).own.map((one) => one.processId)
}

/** Resident bytes of processes, cheap enough to be read many times in a second. */
export function residentBytes(processIds: readonly number[]): number {
  return sum(processIds, (processId) => {
    const [, pages] = readProc(`/proc/${processId}/statm`).split(' ')
    return Number(pages ?? 0) * pageBytes
  })
}

function readTree(rootId: number): ProcessTree {
  const all = readdirSync('/proc').flatMap(readStat)
  const childrenOf = new Map<number, ProcessStat[]>()
  for (const one of all) {
    const siblings = childrenOf.get(one.parentId)
    if (siblings === undefined) childrenOf.set(one.parentId, [one])
    else siblings.push(one)
  }
  const root = all.find(({ processId }) => processId === rootId)
  if (root === undefined) throw new Error(`the server, process ${rootId}, has ended`)
  const tree = [root]
  for (const one of tree) tree.push(...(childrenOf.get(one.processId) ?? []))
  return {
    own: tree.filter((one) => isOwn(one, root)),
    programs: tree.filter((one) => !isOwn(one, root)),
  }
}

/** From 9.8 on, `sshd` serves its connections by `sshd-session` and `sshd-auth`. */
function isOwn({ name }: ProcessStat, root: ProcessStat): boolean {
  return name === root.name || (root.name === 'sshd' && name.startsWith('sshd-'))
}

/** The name in the second field of `stat` may hold anything; what follows its last parenthesis does not. */
function readStat(number: string): readonly ProcessStat[] {
  if (!/^\d+$/.test(number)) return []
  const text = readProc(`/proc/${number}/stat`)
  const nameEnd = text.lastIndexOf(')')
  if (nameEnd === -1) return []
  const fields = text.slice(nameEnd + 2).split(' ')
  const ticks = (first: number): number => Number(fields[first]) + Number(fields[first + 1])
  return [
    {
      processId: Number(number),
      parentId: Number(fields[1]),
      name: text.slice(text.indexOf('(') + 1, nameEnd),
      cpuTicks: ticks(11),
      childTicks: ticks(13),
    },
  ]
}

/** Where the kernel keeps the sum from us, as of another account's process, what is resident counts. */
function proportionalBytes(processId: number): number {
  const kibibytes = /^Pss:\s+(\d+)/m.exec(readProc(`/proc/${processId}/smaps_rollup`))?.[1]
  return kibibytes === undefined ? residentBytes([processId]) : Number(kibibytes) * 1024
}

/** Empty for a process that has ended since it was listed. */
function readProc(path: string): string {
  try {
    return readFileSync(path, 'latin1')
  } catch {
    return ''
  }
}

function sum<Item>(items: readonly Item[], value: (item: Item) => number): number {
  return items.reduce((total, item) => total + value(item), 0)
}
