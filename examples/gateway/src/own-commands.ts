import {
  functionProcess,
  refuse,
  splitCommand,
  type Decision,
  type ExecRequest,
  type ProcessPort,
  type SessionHandlers,
} from '@hawse/core'
import type { Config, GatewayUser } from './config'
import { killSession, type LiveSessions } from './live-sessions'

/** What the commands of the gateway know. */
export interface OwnCommands {
  readonly config: Config
  readonly live: LiveSessions
  /** In the text format of Prometheus. */
  readonly metrics: () => Promise<string>
}

const adminHelp = 'list | watch ID | kill ID [REASON] | metrics | hosts'

/** Handlers for who logs in to the gateway itself: `hosts` for everybody, the rest for admins. */
export function ownHandlers(commands: OwnCommands, user: GatewayUser): SessionHandlers {
  const help = user.isAdmin ? adminHelp : 'hosts; log in as NAME+HOST to reach a host'
  return {
    exec: (request) => answer(commands, user, request) ?? refuse(`commands: ${help}`),
    shell: () => refuse(`this is the gateway; commands: ${help}`),
  }
}

function answer(
  { config, live, metrics }: OwnCommands,
  user: GatewayUser,
  { command, pty }: ExecRequest,
): Decision | undefined {
  const [name, id = '', ...words] = splitCommand(command)
  if (name === 'hosts') return printing(() => hostsOf(config, user))
  if (!user.isAdmin) return undefined
  if (name === 'list') return printing(() => live.table())
  if (name === 'metrics') return printing(metrics)
  if (name !== 'watch' && name !== 'kill') return undefined
  const found = live.find(id)
  if (found === undefined)
    return refuse(`no session ${JSON.stringify(id)}; "list" has those there are`)
  if (name === 'watch') return found.process.watch({ isTerminal: pty !== undefined })
  const reason = words.length === 0 ? '' : `: ${words.join(' ')}`
  return printing(() => {
    killSession(found, `ended by ${user.name}${reason}`)
    return `session ${found.id} is being ended\n`
  })
}

function hostsOf({ hosts }: Config, user: GatewayUser): string {
  return [...hosts.keys()]
    .filter((name) => user.hosts.includes('*') || user.hosts.includes(name))
    .map((name) => `${name}\n`)
    .join('')
}

function printing(text: () => string | Promise<string>): ProcessPort {
  return functionProcess(async ({ stdout }) => {
    await stdout.write(await text())
  })
}
