import { connectionGate, limitAuthentication, ssh2Sessions } from '@hawse/adapter-ssh2'
import { runSession, sessionGroup, type SessionGroup } from '@hawse/core'
import { listen, printable, reasonOf, type ListenAddress } from '@hawse/example-kit'
import ssh2, { type Connection } from 'ssh2'
import { openRoom, type Room } from './room'
import { roomHandlers } from './room-handlers'

/** What a server of a room is made of. */
export interface RoomServer {
  readonly listen: ListenAddress
  /** Private host keys, as text. */
  readonly hostKeys: readonly string[]
  readonly log: (line: string) => void
}

/** A room that people can come to. */
export interface RunningRoomServer {
  /** Where it listens, with the port that was chosen. */
  readonly address: ListenAddress
  /** Tells everybody, gives them a moment, and ends; resolves at the end. */
  close(): Promise<void>
}

/** Longest time that a client may take to go, in milliseconds. */
const farewellMs = 1000

/** Opens a room; rejects with a `StartError` where the address is not to be had. */
export async function startRoomServer(options: RoomServer): Promise<RunningRoomServer> {
  const room = openRoom()
  const sessions = sessionGroup()
  const clients = new Set<Connection>()
  const gate = connectionGate({ onLimit: options.log })
  const ssh = new ssh2.Server(
    { hostKeys: [...options.hostKeys], ident: 'Hawse-room', keepaliveInterval: 15_000 },
    (client, { ip, port }) => {
      clients.add(client)
      client.once('close', () => clients.delete(client))
      client.once('ready', () => gate.release(ip, port))
      welcome(client, room, sessions, options.log)
    },
  )
  const listener = await listen(options.listen, (socket) => {
    if (gate.admit(socket)) ssh.injectSocket(socket)
  })
  const close = async (): Promise<void> => {
    const stopped = listener.stop()
    await sessions.close({ graceMs: 0, limitMs: farewellMs })
    for (const client of clients) client.end()
    const farewell = setTimeout(() => listener.destroyConnections(), farewellMs)
    await stopped.finally(() => clearTimeout(farewell))
  }
  return { address: listener.address, close }
}

/** Lets everybody in by the name that they give; the room is as open as the address that it listens on. */
function welcome(
  client: Connection,
  room: Room,
  sessions: SessionGroup,
  log: (line: string) => void,
): void {
  let name = ''
  // Without a listener, an 'error' of one client would end the process.
  client.on('error', () => log(`${printable(name)} lost the connection`))
  limitAuthentication(client)
  client.on('authentication', (attempt) => {
    name = attempt.username
    attempt.accept()
  })
  ssh2Sessions(client).subscribe({
    next: (channel) => {
      const session = runSession(channel, roomHandlers(room, name), { timeLimits: { idleMs } })
      void session.outcome.then(({ endedBy }) => log(`a session ended: ${endedBy}`))
      sessions.add(session)
    },
    error: (error: unknown) => {
      log(`no sessions: ${reasonOf(error)}`)
      client.end()
    },
  })
}

/** Somebody who neither types nor is shown anything for so long has forgotten the room, in milliseconds. */
const idleMs = 8 * 60 * 60 * 1000
