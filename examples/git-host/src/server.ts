import { connectionGate, limitAuthentication, ssh2Sessions } from '@hawse/adapter-ssh2'
import { runSession, sessionGroup, type ChannelPort, type SessionGroup } from '@hawse/core'
import { listen, reasonOf, type ListenAddress } from '@hawse/example-kit'
import ssh2, { type Connection } from 'ssh2'
import type { AccessSource } from './access-source'
import { gitHandlers } from './git-handlers'
import { connectionLimits, farewellMs, gateLimits, loginLimits, sessionOptions } from './limits'
import { repositoriesIn } from './repositories'
import { describeEnd } from './session-line'
import { answerLogin } from './visitor'

/** What a git host is made of. */
export interface GitHost {
  readonly listen: ListenAddress
  /** Private host keys, as text. */
  readonly hostKeys: readonly string[]
  readonly access: AccessSource
  /** The real path of the folder of repositories. */
  readonly folder: string
  readonly log: (line: string) => void
}

/** A git host that serves. */
export interface RunningGitHost {
  /** Where it listens, with the port that was chosen. */
  readonly address: ListenAddress
  /** Takes no more connections and sessions, gives what runs a time of grace, and ends the rest; resolves at the end. */
  close(graceMs: number): Promise<void>
}

/** Starts to serve; rejects with a `StartError` where the address is not to be had. */
export async function startGitHost(host: GitHost): Promise<RunningGitHost> {
  const sessions = sessionGroup()
  const clients = new Set<Connection>()
  const gate = connectionGate({
    ...gateLimits,
    onLimit: (reason, { remoteAddress }) => host.log(`${remoteAddress} ${reason}`),
  })
  const ssh = new ssh2.Server(
    { hostKeys: [...host.hostKeys], ident: 'Hawse-git-host', keepaliveInterval: 15_000 },
    (client, { ip, port }) => {
      clients.add(client)
      client.once('close', () => clients.delete(client))
      client.once('ready', () => gate.release(ip, port))
      serveClient(client, host, sessions, (line) => host.log(`${ip} ${line}`))
    },
  )
  const listener = await listen(host.listen, (socket) => {
    if (gate.admit(socket)) ssh.injectSocket(socket)
  })
  const close = async (graceMs: number): Promise<void> => {
    const stopped = listener.stop()
    await sessions.close({ graceMs, limitMs: 2 * farewellMs })
    for (const client of clients) client.end()
    const farewell = setTimeout(() => listener.destroyConnections(), farewellMs)
    await stopped.finally(() => clearTimeout(farewell))
  }
  return { address: listener.address, close }
}

/** Lets a client in, or not, and serves its sessions. What it does wrong ends its connection only. */
function serveClient(
  client: Connection,
  host: GitHost,
  sessions: SessionGroup,
  log: (line: string) => void,
): void {
  let user: string | undefined
  // Without a listener, an 'error' of one client would end the process.
  client.on('error', () => log(`${user ?? 'nobody'} lost the connection`))
  limitAuthentication(client, { ...loginLimits, onLimit: log })
  client.on('authentication', (attempt) => {
    user = answerLogin(attempt, host.access())
  })
  ssh2Sessions(client, { ...connectionLimits, onLimit: log }).subscribe({
    next: (channel) => {
      if (user !== undefined) sessions.add(serveSession(channel, host, user, log))
    },
    error: (error: unknown) => {
      log(`no sessions: ${reasonOf(error)}`)
      client.end()
    },
  })
}

function serveSession(
  channel: ChannelPort,
  { access, folder }: GitHost,
  user: string,
  log: (line: string) => void,
) {
  let command = 'no command'
  const handlers = gitHandlers({
    user,
    member: () => access().find((member) => member.user === user),
    folder,
    repositories: repositoriesIn(folder),
    onCommand: (words) => (command = words),
  })
  const session = runSession(channel, handlers, sessionOptions)
  void session.outcome.then((outcome) => log(`${user} ${command}: ${describeEnd(outcome)}`))
  return session
}
