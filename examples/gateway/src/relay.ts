import { join } from 'node:path'
import { remoteProcess } from '@hawse/adapter-ssh2'
import {
  refuse,
  type Decision,
  type ProcessPort,
  type Session,
  type SessionHandlers,
} from '@hawse/core'
import { toFile } from '@hawse/node-streams'
import {
  record,
  watchable,
  type DecoratedRequest,
  type MetricsRegistry,
  type WatchableProcess,
} from '@hawse/session-tools'
import { printable, reasonOf } from '@hawse/example-kit'
import type { Config, GatewayUser, Upstream } from './config'
import type { LiveSessions } from './live-sessions'
import type { UpstreamPool } from './upstream-pool'

/** What relayed sessions share. */
export interface Relay {
  readonly config: Config
  readonly pool: UpstreamPool
  readonly live: LiveSessions
  readonly registry: MetricsRegistry
  readonly nextId: () => number
  readonly log: (line: string) => void
}

/** Handlers that run on a host what the client asks for; `session` is there by the time they are asked. */
export function relayHandlers(
  relay: Relay,
  user: GatewayUser,
  hostName: string,
  session: () => Session,
): SessionHandlers {
  const run = (request: DecoratedRequest): Decision => {
    const host = relay.config.hosts.get(hostName)
    const isAllowed = user.hosts.includes('*') || user.hosts.includes(hostName)
    // Who may not go there is not told whether it is there.
    if (host === undefined || !isAllowed) return refuse(`no host ${printable(hostName)} for you`)
    return relayTo(relay, user, host, request, session())
  }
  return { exec: run, shell: run, subsystem: { sftp: run } }
}

async function relayTo(
  relay: Relay,
  user: GatewayUser,
  host: Upstream,
  request: DecoratedRequest,
  session: Session,
): Promise<ProcessPort | ReturnType<typeof refuse>> {
  const lost = (reason: string): void =>
    session.warn(`the connection to ${host.name} was lost: ${reason}`)
  try {
    const { client, release } = await relay.pool.lease(user.name, host, lost)
    void session.outcome.then(release)
    const { command, subsystem, pty, env } = request
    const isShell = command === undefined && subsystem === undefined
    const remote = remoteProcess(client, { command, subsystem, pty, env, shell: isShell })
    return keep(relay, { user: user.name, host: host.name, request, session }, remote)
  } catch (error) {
    return refuse(reasonOf(error))
  }
}

/** Measures, shows and records a process; a subsystem speaks no text, and so is not recorded. */
function keep(
  { config, live, registry, nextId, log }: Relay,
  about: {
    readonly user: string
    readonly host: string
    readonly request: DecoratedRequest
    readonly session: Session
  },
  remote: ProcessPort,
): ProcessPort {
  const { user, host, request, session } = about
  const { command, subsystem, pty } = request
  const id = nextId()
  const meter = registry.meter({ user, host })
  const process: WatchableProcess = watchable(meter.process(remote), { pty })
  const program = printable(subsystem ?? command ?? 'shell')
  live.add({ id, user, host, program, session, process, meter })
  log(`session ${id}: ${user} at ${host}: ${program}`)
  void session.outcome.then(({ endedBy, exit }) => {
    const how = exit === null ? 'no program' : exit.kind === 'exited' ? exit.code : exit.kind
    log(`session ${id} ended by ${endedBy}: ${how}`)
  })
  if (subsystem !== undefined) return process
  const time = new Date().toISOString().replaceAll(':', '-')
  const file = join(config.recordingsFolder, `${time}-${id}-${user}-${host}.cast`)
  return record(process, {
    to: toFile(file, { mode: 0o600 }),
    pty,
    command,
    title: `${user} at ${host}`,
    onError: (error) => log(`session ${id} is not recorded any more: ${reasonOf(error)}`),
  })
}
