import { once } from 'node:events'
import { openSharedConnection, type SharedConnection } from '../clients/shared-connection'
import { costOf, withinBound, type Cost } from '../run/cost'
import type { RunningServer } from '../servers/bench-server'
import { bytesFor, type FigureKind, type Figures, type RunSize, type Workload } from './workload'

const gibibyte = 2 ** 30

const figures: readonly FigureKind[] = [
  { key: 'own', title: 'server, CPU s per GiB' },
  { key: 'tree', title: 'server and program, CPU s per GiB' },
  { key: 'wall', title: 'elapsed s per GiB' },
]

/** A transfer through `ssh` with aes128-gcm, on a connection that is already there. */
interface Transfer {
  readonly name: string
  readonly title: string
  readonly fullBytes: number
  /** The command that the server runs, for a number of bytes. */
  readonly command: (byteCount: number) => string
  /** The line of the client's shell in which `"$@"` is `ssh` with the command. */
  readonly line: (byteCount: number) => string
  /** Which ways the bytes go: the client must have moved as many. */
  readonly ways: readonly ('down' | 'up')[]
}

const fromZero = (byteCount: number): string => `head -c ${byteCount} /dev/zero`

const transfers: readonly Transfer[] = [
  {
    name: 'download',
    title: 'Download 1 GiB of `head -c N /dev/zero`',
    fullBytes: gibibyte,
    command: fromZero,
    line: () => '"$@" </dev/null >/dev/null',
    ways: ['down'],
  },
  {
    name: 'download-blocks',
    title: 'Download 1 GiB of `dd bs=1M`',
    fullBytes: gibibyte,
    command: (byteCount) =>
      `dd if=/dev/zero bs=1M count=${byteCount} iflag=count_bytes status=none`,
    line: () => '"$@" </dev/null >/dev/null',
    ways: ['down'],
  },
  {
    name: 'upload',
    title: 'Upload 1 GiB into `cat >/dev/null`',
    fullBytes: gibibyte,
    command: () => 'cat >/dev/null',
    line: (byteCount) => `${fromZero(byteCount)} | "$@" >/dev/null`,
    ways: ['up'],
  },
  {
    name: 'echo',
    title: 'Echo 512 MiB through `cat`',
    fullBytes: gibibyte / 2,
    command: () => 'cat',
    line: (byteCount) => `${fromZero(byteCount)} | "$@" >/dev/null`,
    ways: ['up', 'down'],
  },
]

/** Transfers of many bytes. */
export const throughputWorkloads: readonly Workload[] = transfers.map((transfer) => ({
  name: transfer.name,
  title: transfer.title,
  figures,
  servers: 'shared',
  run: (server, size) => runTransfer(transfer, server, size),
}))

/** Longest time a transfer may take. */
const boundMs = 120_000

async function runTransfer(
  transfer: Transfer,
  server: RunningServer,
  size: RunSize,
): Promise<Figures> {
  const byteCount = bytesFor(transfer.fullBytes, size)
  const connection = await openSharedConnection(server)
  try {
    await runLine(connection, '"$@" </dev/null', 'exec true')
    const before = connection.movedBytes()
    const cost = await costOf(server.processId, () =>
      runLine(connection, transfer.line(byteCount), transfer.command(byteCount)),
    )
    const after = connection.movedBytes()
    if (transfer.ways.includes('down'))
      requireMoved(byteCount, after.writtenBytes - before.writtenBytes)
    if (transfer.ways.includes('up')) requireMoved(byteCount, after.readBytes - before.readBytes)
    return perUnit(cost, byteCount / gibibyte)
  } finally {
    await connection.close()
  }
}

/** Runs a line to its end; rejects where `ssh` gives another exit code than 0. */
export async function runLine(
  connection: SharedConnection,
  line: string,
  command: string,
): Promise<void> {
  const child = connection.start(line, command)
  child.stdout?.resume()
  let said = ''
  child.stderr?.on('data', (chunk: Buffer) => (said += chunk.toString()))
  const end = once(child, 'close') as Promise<[number | null, NodeJS.Signals | null]>
  const [code, signal] = await withinBound(end, boundMs, () => child.kill('SIGKILL'))
  if (code !== 0) throw new Error(`ssh ended with ${String(code ?? signal)} ${said.trim()}`)
}

/** The figures of a cost, for one unit of work out of `units`. */
export function perUnit({ ownSeconds, treeSeconds, wallSeconds }: Cost, units: number): Figures {
  return { own: ownSeconds / units, tree: treeSeconds / units, wall: wallSeconds / units }
}

function requireMoved(expectedBytes: number, movedBytes: number): void {
  if (movedBytes >= expectedBytes) return
  throw new Error(`the client moved ${movedBytes} bytes of ${expectedBytes}`)
}
