import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { waitUntil } from '@hawse/port-conformance'
import type { RunningNodeServer } from '../servers/node-server'

/** What a server holds that must not grow: counts by kind. */
export type Holdings = Readonly<Record<string, number>>

/** What a server holds at one moment. */
export interface ServerResources {
  /** Descriptors, active resources of Node.js, listeners, processes under it, processes of its sessions. */
  readonly holdings: Holdings
  /** Resident memory after a collection of garbage. */
  readonly residentBytes: number
  /** The part of the heap that lives. */
  readonly heapBytes: number
}

interface ProbeReport {
  readonly reportCount: number
  readonly resources: Readonly<Record<string, number>>
  readonly listeners: number
  readonly residentBytes: number
  readonly heapBytes: number
}

/** Longest time for what sessions held to be let go, in milliseconds; policies end programs in four seconds. */
const settleBoundMs = 60_000

/** Looks at /proc, and asks the probe inside the server. */
async function measureServer(server: RunningNodeServer): Promise<ServerResources> {
  const { resources, listeners, residentBytes, heapBytes } = await askProbe(server)
  const holdings = {
    ...descriptors(server.processId),
    ...prefixed('node ', resources),
    'process listeners': listeners,
    ...processesUnder(server),
  }
  return { holdings, residentBytes, heapBytes }
}

/**
 * Waits until no client is connected and no program runs any more, and measures then.
 *
 * One look takes a while, and programs may end in the middle of it; so it counts once the next look sees the same.
 */
export async function measureQuiet(server: RunningNodeServer): Promise<ServerResources> {
  let seen = await measureServer(server)
  const isQuiet = async (): Promise<boolean> => {
    const { holdings: before } = seen
    seen = await measureServer(server)
    const { holdings } = seen
    const isAlone = !('node TCPSocketWrap' in holdings) && !('node ProcessWrap' in holdings)
    return (
      isAlone && holdings['session processes'] === 0 && differences(before, holdings).length === 0
    )
  }
  await waitUntil(
    isQuiet,
    () => `the server should be quiet: ${JSON.stringify(seen)}`,
    settleBoundMs,
  )
  return seen
}

/** Waits until a server holds what it held before, and throws with the differences where it never does. */
export async function measureSettled(
  server: RunningNodeServer,
  before: Holdings,
): Promise<ServerResources> {
  let seen = await measureServer(server)
  const describeWait = (): string =>
    `the server should hold what it held before: ${differences(before, seen.holdings).join(', ')}`
  await waitUntil(
    async () => {
      seen = await measureServer(server)
      return differences(before, seen.holdings).length === 0
    },
    describeWait,
    settleBoundMs,
  )
  return seen
}

/** Waits until no process of a session of this server is left, whoever is its parent. */
export function untilNoSessionProcess(port: number): Promise<void> {
  return waitUntil(
    () => sessionProcesses(port).length === 0,
    () => `no process of a session should be left: ${sessionProcesses(port).join('; ')}`,
    settleBoundMs,
  )
}

/** Each kind whose number is another, as `sockets 21, was 19`. */
export function differences(before: Holdings, after: Holdings): readonly string[] {
  const kinds = [...new Set([...Object.keys(before), ...Object.keys(after)])]
  return kinds
    .filter((kind) => (before[kind] ?? 0) !== (after[kind] ?? 0))
    .map((kind) => `${kind} ${after[kind] ?? 0}, was ${before[kind] ?? 0}`)
}

async function askProbe({ processId, log, ended }: RunningNodeServer): Promise<ProbeReport> {
  const end = { code: undefined as number | null | undefined }
  void ended.then((code) => (end.code = code))
  const asked = reportsIn(log())
  process.kill(processId, 'SIGUSR2')
  await waitUntil(
    () => end.code !== undefined || reportsIn(log()) > asked,
    () => 'the probe in the server should report',
    settleBoundMs,
  )
  if (end.code !== undefined) throw new Error(`the server ended; it logged: ${tail(log())}`)
  return lastReport(log())
}

function reportsIn(log: string): number {
  return log.includes(mark) ? lastReport(log).reportCount : 0
}

const mark = 'soak-probe '

function lastReport(log: string): ProbeReport {
  const complete = log.slice(0, log.lastIndexOf('\n'))
  const start = complete.lastIndexOf(mark)
  if (start === -1) return { reportCount: 0 } as ProbeReport
  const [line = '{}'] = complete.slice(start + mark.length).split('\n')
  return JSON.parse(line) as ProbeReport
}

function tail(log: string): string {
  return log.slice(-2000)
}

/** Open descriptors by what they are: sockets, pipes, terminals, files. */
function descriptors(processId: number): Holdings {
  const folder = `/proc/${processId}/fd`
  const kinds = readdirSync(folder).map((number) => descriptorKind(`${folder}/${number}`))
  return countByKind(kinds)
}

function descriptorKind(path: string): string {
  const target = linkTarget(path)
  if (target.startsWith('socket:')) return 'sockets'
  if (target.startsWith('pipe:')) return 'pipes'
  if (/ptmx|\/pts\//.test(target)) return 'terminals'
  return 'other descriptors'
}

function linkTarget(path: string): string {
  try {
    return readlinkSync(path)
  } catch {
    // It was closed between the listing and the look.
    return ''
  }
}

function processesUnder({ processId, port }: RunningNodeServer): Holdings {
  const states = processNumbers().flatMap((number) => childState(number, processId))
  return {
    children: states.length,
    zombies: states.filter((state) => state === 'Z').length,
    'session processes': sessionProcesses(port).length,
  }
}

/** The state of a process if it is a child of the given one. */
function childState(number: string, parentId: number): readonly string[] {
  const stat = readProc(`/proc/${number}/stat`)
  const [state = '', parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return Number(parent) === parentId ? [state] : []
}

/** Found by their environment, which says what port they were logged in to; also those without a parent. */
function sessionProcesses(port: number): readonly string[] {
  const ending = new RegExp(String.raw`(?:^|\0)SSH_CONNECTION=[^\0]* ${port}(?:\0|$)`)
  return processNumbers()
    .filter((number) => ending.test(readProc(`/proc/${number}/environ`)))
    .map((number) => readProc(`/proc/${number}/cmdline`).replaceAll('\0', ' '))
}

function processNumbers(): readonly string[] {
  return readdirSync('/proc').filter((name) => /^\d+$/.test(name))
}

function readProc(path: string): string {
  try {
    return readFileSync(path, 'latin1')
  } catch {
    // It ended, or is another account's.
    return ''
  }
}

function prefixed(prefix: string, counts: Holdings): Holdings {
  return Object.fromEntries(Object.entries(counts).map(([kind, count]) => [prefix + kind, count]))
}

function countByKind(kinds: readonly string[]): Holdings {
  const counts: Record<string, number> = {}
  for (const kind of kinds) counts[kind] = (counts[kind] ?? 0) + 1
  return counts
}
