import { spawnSync } from 'node:child_process'
import { statSync } from 'node:fs'
import { chmod, copyFile, rm } from 'node:fs/promises'
import { makeTemporaryFolder } from '@hawse/port-conformance'
import type { RunningNodeServer } from '../servers/node-server'
import type { RawClient } from '../wire/raw-client'
import { exec, pty, type RawMessage } from '../wire/raw-messages'
import { measureQuiet, measureSettled, type Holdings } from './server-resources'
import { reportedEnd, requireEnd, untilClosed, withOwnClient } from './soak-session'
import { startSoakServer } from './soak-server'
import type { SessionCounts } from './soak-run'

/** What keeps a program from being started, and the code that a shell would give. */
interface SpawnFault {
  readonly name: string
  readonly code: number
  /** Brings it about; gives what mends it. */
  readonly cause: () => Promise<() => Promise<void>>
}

/** Highest number of descriptors that the sweep allows; a session needs fewer. */
const sweptDescriptors = 60

/** Lets programs fail to start on a server of its own, for every reason there is; gives what it holds after. */
export async function soakSpawnFaults(
  counts: SessionCounts,
): Promise<{ readonly before: Holdings; readonly after: Holdings }> {
  const folder = await makeTemporaryFolder()
  const shell = folder.file('shell')
  await chmod(folder.path, 0o755)
  await copyFile('/bin/sh', shell)
  const server = await startSoakServer('sshd', ['--shell', shell])
  try {
    await withOwnClient(server, (client) => requireWorking(client))
    const before = (await measureQuiet(server)).holdings
    for (const fault of [...shellFaults(shell), ...processFaults(server)]) {
      await withOwnClient(server, (client) => failThenWork(client, fault, counts))
    }
    await withOwnClient(server, (client) => sweepDescriptors(client, server, counts))
    const { holdings: after } = await measureSettled(server, before)
    return { before, after }
  } finally {
    await server.stop()
    await folder.remove()
  }
}

function shellFaults(shell: string): readonly SpawnFault[] {
  const restore = async (): Promise<void> => {
    await copyFile('/bin/sh', shell)
    await chmod(shell, 0o755)
  }
  return [
    {
      name: 'ENOENT: a shell that is not there',
      code: 127,
      cause: () => rm(shell).then(() => restore),
    },
    {
      name: 'EACCES: a shell that may not be run',
      code: 126,
      cause: () => chmod(shell, 0).then(() => restore),
    },
  ]
}

/** The limit does not hold for root. */
function processFaults({ processId, userId }: RunningNodeServer): readonly SpawnFault[] {
  const name = 'EAGAIN: no process left'
  const cause = (): Promise<() => Promise<void>> => {
    const raise = limit(processId, 'nproc', 1)
    return Promise.resolve(() => {
      raise()
      return Promise.resolve()
    })
  }
  return userId === 0 ? [] : [{ name, code: 254, cause }]
}

async function failThenWork(
  client: RawClient,
  { name, code, cause }: SpawnFault,
  counts: SessionCounts,
): Promise<void> {
  const mend = await cause()
  try {
    for (const before of [[], [pty()]]) {
      await requireFailure(client, before, code)
      counts.set(name, (counts.get(name) ?? 0) + 1)
    }
  } finally {
    await mend()
  }
  await requireWorking(client)
}

async function requireFailure(
  client: RawClient,
  before: readonly RawMessage[],
  code: number,
): Promise<void> {
  const channel = await client.openSession()
  channel.send(...before, exec('exit 3'))
  await untilClosed(client, channel)
  requireEnd(channel, { code })
  const said = channel.stderr.length + channel.stdout.length
  if (said === 0) throw new Error(`nothing says why the program did not start (code ${code})`)
}

/** With each number of descriptors a session gets a little further, and then works. */
async function sweepDescriptors(
  client: RawClient,
  { processId }: RunningNodeServer,
  counts: SessionCounts,
): Promise<void> {
  const name = 'EMFILE: fewer descriptors than a session needs'
  for (let allowed = 3; allowed <= sweptDescriptors; allowed += 1) {
    for (const before of [[], [pty()]]) {
      const raise = limit(processId, 'nofile', allowed)
      try {
        if (await isRefusedForNow(client, before)) counts.set(name, (counts.get(name) ?? 0) + 1)
      } finally {
        raise()
      }
    }
  }
  if (!counts.has(name)) throw new Error('no number of descriptors was too low')
  await requireWorking(client)
}

/** Whether it failed with the code of a lack; throws where it neither failed so nor worked. */
async function isRefusedForNow(client: RawClient, before: readonly RawMessage[]): Promise<boolean> {
  const channel = await client.openSession()
  channel.send(...before, exec('exit 3'))
  await untilClosed(client, channel)
  const end = reportedEnd(channel)
  if (end !== undefined && 'code' in end && end.code === 254) return true
  requireEnd(channel, { code: 3 })
  return false
}

async function requireWorking(client: RawClient): Promise<void> {
  const channel = await client.openSession()
  channel.send(exec('exit 3'))
  await untilClosed(client, channel)
  requireEnd(channel, { code: 3 })
}

/** Lowers a limit of a running process; gives what puts it back. */
function limit(processId: number, resource: 'nproc' | 'nofile', value: number): () => void {
  const option = `--${resource}`
  const now = prlimit(processId, '--raw', '--noheadings', '--output=SOFT', option).trim()
  prlimit(processId, `${option}=${value}:`)
  return () => void prlimit(processId, `${option}=${now}:`)
}

/** Only the same account may do this, or root with the right to exceed limits, which containers do not give. */
function prlimit(processId: number, ...options: readonly string[]): string {
  const args = ['--pid', String(processId), ...options]
  const { uid, gid } = statSync(`/proc/${processId}`)
  const identity = process.getuid?.() === 0 ? { uid, gid } : {}
  const { status, stdout, stderr } = spawnSync('prlimit', args, { encoding: 'utf8', ...identity })
  if (status !== 0) throw new Error(`prlimit ${args.join(' ')} failed: ${stderr}`)
  return stdout
}
