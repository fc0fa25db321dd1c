import { loseConnection, type Connection } from '../connection'

/** Messages that wait for the end of a key exchange above which the client is held to delay it on purpose. */
const maximumWaitingMessages = 4_096

/** Ends a connection whose client goes on asking and does not read the answers. */
export function endUnread(connection: Connection): void {
  if (connection.lostReason !== undefined) return
  const reason = unreadReason(connection)
  if (reason === undefined) return
  connection.limits.onLimit(reason)
  // Nothing that is sent would be read.
  connection.internals.socket.destroy()
  loseConnection(connection, reason)
}

function unreadReason({ internals, limits }: Connection): string | undefined {
  const { maximumUnreadBytes } = limits
  if (internals.socket.writableLength > maximumUnreadBytes) {
    return `the client does not read: more than ${maximumUnreadBytes} bytes wait for it`
  }
  if (internals.waitingMessageCount() > maximumWaitingMessages) {
    return `the client does not finish a key exchange: more than ${maximumWaitingMessages} messages wait for it`
  }
  return undefined
}
