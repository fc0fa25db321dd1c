import { connect } from 'node:net'
import { waitUntil } from '@hawse/port-conformance'
import type { ServerUnderTest } from '../servers/server-under-test'
import { boolean, byte, string } from '../wire/fields'
import { connectRaw } from '../wire/raw-client'
import type { SessionWrites } from './mutate-session'

/** Numbers of GLOBAL_REQUEST and its answers (RFC 4254 section 4). */
const numbers = { request: 80, success: 81, failure: 82 } as const

/** The server's number of the only channel of a connection. */
export const firstChannel = 0

/**
 * Logs in, opens a session and sends these writes in it, however wrong; resolves once the server has answered a
 * question that follows them, or has ended the connection. Throws where it does neither.
 */
export async function sendWrites(
  server: ServerUnderTest,
  writes: SessionWrites,
): Promise<'answered' | 'disconnected'> {
  const { connection, openSession } = await opened(server)
  await openSession()
  for (const write of writes) connection.send(...write)
  const answers = (): number =>
    connection.payloads.filter(([n]) => n === numbers.success || n === numbers.failure).length
  const before = answers()
  connection.send(
    Buffer.concat([byte(numbers.request), string('keepalive@openssh.com'), boolean(true)]),
  )
  await waitUntil(
    () => answers() > before || connection.socket.destroyed,
    () => 'the server should answer, or end the connection',
  )
  const isDisconnected = connection.socket.destroyed
  await connection.end()
  return isDisconnected ? 'disconnected' : 'answered'
}

/** Sends bytes that are no packets, after the ident or instead of it; resolves when the connection has ended. */
export async function sendGarbage(server: ServerUnderTest, bytes: Uint8Array): Promise<void> {
  const socket = connect(server.port, server.host)
  // A reset is an end as good as any.
  socket.on('error', () => undefined)
  socket.resume()
  socket.end(bytes)
  await waitUntil(
    () => socket.destroyed,
    () => 'the server should end a connection of garbage',
  )
}

/** Logs in, and then sends bytes that no key made; resolves when the server has ended the connection. */
export async function sendUnsealed(server: ServerUnderTest, bytes: Uint8Array): Promise<void> {
  const { connection } = await opened(server)
  connection.socket.end(bytes)
  await connection.disconnected
}

async function opened(server: ServerUnderTest) {
  const client = await connectRaw(server)
  return { connection: client.connection, openSession: () => client.openSession() }
}
