import { setTimeout as delay } from 'node:timers/promises'
import { missingPeerReason } from '@hawse/conformance/servers'
import { openSessions } from '../clients/idle-sessions'
import { costOf } from '../run/cost'
import { readMemory } from '../run/process-tree'
import type { RunningServer } from '../servers/bench-server'
import { countFor, type FigureKind, type Figures, type RunSize, type Workload } from './workload'

/** How many sessions are open at each look. */
export const growthCounts = [1, 10, 100, 1000] as const

const mebibyte = 2 ** 20

/** Time over which CPU is measured, in milliseconds. */
const lookMs = 3_000

/** A program that writes 1 KiB a second, and starts no other to wait. */
const writing = `exec perl -e 'for (;;) { syswrite STDOUT, "x" x 1024; select undef, undef, undef, 1 }'`

const figures: readonly FigureKind[] = growthCounts.flatMap((count) => [
  { key: cpuKey(count), title: `server, CPU ms per s with ${count}` },
  { key: memoryKey(count), title: `server, MiB with ${count}` },
])

/** How cost grows with sessions that wait. */
export const idleGrowth: Workload = {
  name: 'sessions-idle',
  title: 'Sessions that wait',
  figures,
  servers: 'fresh',
  onlyServers: ['sshd', 'hawse', 'go'],
  mostRounds: 1,
  run: (server, size) => grow(server, size, 'exec cat'),
}

/** How cost grows with sessions that say a little all the time. */
export const writingGrowth: Workload = {
  ...idleGrowth,
  name: 'sessions-writing',
  title: 'Sessions that write 1 KiB a second each',
  missing: () => missingPeerReason(['perl']),
  run: (server, size) => grow(server, size, writing),
}

/** Key of the figure of CPU with so many sessions. */
export function cpuKey(count: number): string {
  return `cpu${count}`
}

/** Key of the figure of memory with so many sessions. */
export function memoryKey(count: number): string {
  return `memory${count}`
}

async function grow(server: RunningServer, size: RunSize, command: string): Promise<Figures> {
  const sessions = openSessions(server, command)
  const windowMs = Math.max(200, lookMs * size.scale)
  let seen: Figures = {}
  try {
    for (const fullCount of growthCounts) {
      await sessions.openUntil(countFor(fullCount, size, 1))
      const { ownSeconds, wallSeconds } = await costOf(server.processId, () => delay(windowMs))
      const memory = readMemory(server.processId).ownBytes / mebibyte
      const cpu = (ownSeconds * 1000) / wallSeconds
      seen = { ...seen, [cpuKey(fullCount)]: cpu, [memoryKey(fullCount)]: memory }
    }
    return seen
  } finally {
    await sessions.close()
  }
}
