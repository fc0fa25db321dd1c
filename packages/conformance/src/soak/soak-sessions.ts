import { measureQuiet, measureSettled, type ServerResources } from './server-resources'
import { startSoakServer, type DisconnectPolicy } from './soak-server'
import { runAtOnce, runSerially, type SessionCounts } from './soak-run'

/** How many sessions a server is given, and until when. */
export interface SoakSize {
  readonly serialCount: number
  readonly atOnceCount: number
  readonly deadlineMs: number
}

/** What a server held after its warm-up, and after the sessions. */
export interface SoakResult {
  readonly policy: DisconnectPolicy
  readonly serialCount: number
  readonly atOnceCount: number
  readonly before: ServerResources
  readonly after: ServerResources
}

/** How much of its memory after the warm-up a server may have in the end. */
const residentGrowth = 1.2

const warmUpSerialCount = 40

/** Warms a server up with sessions of every kind, gives it many more, and compares what it holds. */
export async function soakSessions(
  policy: DisconnectPolicy,
  seed: number,
  size: SoakSize,
  counts: SessionCounts,
  tell: (line: string) => void,
): Promise<SoakResult> {
  const server = await startSoakServer(policy)
  const onProgress = (done: number): void => {
    if (done % 500 === 0) tell(`policy ${policy}: ${done} sessions`)
  }
  const run = { server, policy, counts, deadlineMs: size.deadlineMs, onProgress }
  try {
    await runSerially({ ...run, seed, deadlineMs: Infinity }, warmUpSerialCount)
    // Twice: memory is at its level only after many sessions at once have come and gone.
    await runAtOnce({ ...run, seed: seed + 1 }, size.atOnceCount)
    await runAtOnce({ ...run, seed: seed + 4 }, size.atOnceCount)
    const before = await measureQuiet(server)
    const serialCount = await runSerially({ ...run, seed: seed + 2 }, size.serialCount)
    await runAtOnce({ ...run, seed: seed + 3 }, size.atOnceCount)
    const after = await measureSettled(server, before.holdings)
    requireMemory(before, after)
    return { policy, serialCount, atOnceCount: size.atOnceCount, before, after }
  } finally {
    await server.stop()
  }
}

function requireMemory(before: ServerResources, after: ServerResources): void {
  if (after.residentBytes <= before.residentBytes * residentGrowth) return
  throw new Error(`resident memory grew from ${before.residentBytes} to ${after.residentBytes}`)
}
