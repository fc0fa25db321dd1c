import { spawn, type ChildProcess } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import type { Readable } from 'node:stream'
import { setTimeout as delay } from 'node:timers/promises'
import { openSharedConnection } from '../clients/shared-connection'
import { withinBound } from '../run/cost'
import { watchMemory } from '../run/memory-growth'
import { bytesFor, type Workload } from './workload'

const mebibyte = 2 ** 20

/** Bytes of a line of `seq` from 1,000,000,000 on. */
const lineBytes = 11

/** Longest time for a run, in milliseconds; without rests it takes about a second. */
const boundMs = 40_000

/** Rest after each read of up to 64 KiB. */
const restMs = 2

/** Both outputs at full speed into a client that reads slower than that: nothing may be lost, doubled or kept. */
export const slowReader: Workload = {
  name: 'slow-reader',
  title: 'stdout and stderr, 64 MiB each, to a slow reader; every byte compared',
  figures: [
    { key: 'wall', title: 'elapsed s' },
    { key: 'growth', title: 'memory growth, MiB', hasRatio: false },
  ],
  servers: 'fresh',
  mostRounds: 3,
  run: async (server, size) => {
    const lineCount = Math.ceil(bytesFor(64 * mebibyte, { ...size, byteShare: 1 }) / lineBytes)
    const numbers = `seq 1000000000 ${1e9 + lineCount - 1}`
    const expected = await digestOf(spawn('sh', ['-c', numbers]))
    const connection = await openSharedConnection(server)
    try {
      const command = `echo ready; read go; ${numbers} & ${numbers} >&2; wait`
      const child = connection.start('exec "$@"', command)
      await once(child.stdout as Readable, 'readable')
      const memory = watchMemory(server.processId)
      const startedMs = performance.now()
      try {
        child.stdin?.end('go\n')
        await withinBound(requireExact(child, expected), boundMs, () => child.kill('SIGKILL'))
        const wall = (performance.now() - startedMs) / 1000
        return { wall, growth: memory.growthBytes() / mebibyte }
      } finally {
        memory.stop()
      }
    } finally {
      await connection.close()
    }
  },
}

const firstLine = 'ready\n'

async function requireExact(child: ChildProcess, expected: string): Promise<void> {
  const ended = once(child, 'exit')
  const [stdout, stderr] = await Promise.all([
    readSlowly(child.stdout as Readable, firstLine.length),
    readSlowly(child.stderr as Readable, 0),
  ])
  await ended
  if (stdout !== expected) throw new Error('stdout is not what the program wrote')
  if (stderr !== expected) throw new Error('stderr is not what the program wrote')
}

/** The digest of all but the first bytes. */
async function readSlowly(stream: Readable, skippedBytes: number): Promise<string> {
  const hash = createHash('sha256')
  let toSkip = skippedBytes
  for await (const chunk of stream) {
    const bytes = chunk as Buffer
    hash.update(bytes.subarray(toSkip))
    toSkip = Math.max(0, toSkip - bytes.length)
    await delay(restMs)
  }
  return hash.digest('hex')
}

async function digestOf(child: ChildProcess): Promise<string> {
  const hash = createHash('sha256')
  for await (const chunk of child.stdout as Readable) hash.update(chunk as Buffer)
  return hash.digest('hex')
}
