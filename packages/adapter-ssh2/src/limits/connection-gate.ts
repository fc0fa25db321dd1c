import { requirePositive } from './connection-limits'

/** Who may be connected to a server. */
export interface ConnectionGateOptions {
  /** Connections in all: 1000. */
  readonly maximumConnections?: number
  /** Connections that have not logged in (the last number of MaxStartups of sshd): 100. */
  readonly maximumUnauthenticated?: number
  /** From the connection to the login, in milliseconds (LoginGraceTime of sshd): 120 000. */
  readonly loginGraceMs?: number
  /** Hears one line about each connection refused or ended. */
  readonly onLimit?: (reason: string, socket: GateSocket) => void
}

/** The members of a `net.Socket` that a gate uses. */
export interface GateSocket {
  readonly remoteAddress?: string | undefined
  readonly remotePort?: number | undefined
  on(event: 'error', listener: () => void): unknown
  once(event: 'close' | 'finish', listener: () => void): unknown
  end(text: string): unknown
  destroy(): unknown
}

/** Lets connections in, from their first byte on, as long as there are not too many. */
export interface ConnectionGate {
  /** Lets a socket in; or tells it why not, ends it, and gives false. */
  admit(socket: GateSocket): boolean
  /** The client at this address has logged in: what the 'connection' event of ssh2 calls `ip` and `port`. */
  release(remoteAddress: string | undefined, remotePort: number | undefined): void
}

/**
 * A gate for the sockets of one listener; give those it admits to `injectSocket` of an ssh2 server.
 *
 * ssh2 itself says nothing of a client before it has sent its first line. Throws INVALID_ARGUMENT.
 */
export function connectionGate(options: ConnectionGateOptions = {}): ConnectionGate {
  const { maximumConnections, maximumUnauthenticated, loginGraceMs } = checkedLimits(options)
  const { onLimit = () => undefined } = options
  const graces = new Map<string, () => void>()
  let connections = 0
  const refusal = (): string | undefined => {
    if (connections >= maximumConnections) return `more than ${maximumConnections} connections`
    if (graces.size < maximumUnauthenticated) return undefined
    return `more than ${maximumUnauthenticated} connections that have not logged in`
  }
  const endGrace = (key: string, grace = graces.get(key)): void => {
    grace?.()
    // A client can come back from the same port before the end of its last connection is known.
    if (graces.get(key) === grace) graces.delete(key)
  }
  const admit = (socket: GateSocket): boolean => {
    const reason = refusal()
    if (reason !== undefined) {
      onLimit(reason, socket)
      turnAway(socket, reason)
      return false
    }
    const key = keyOf(socket.remoteAddress, socket.remotePort)
    const grace = startGrace(socket, loginGraceMs, onLimit)
    connections += 1
    graces.set(key, grace)
    socket.once('close', () => {
      connections -= 1
      endGrace(key, grace)
    })
    return true
  }
  return { admit, release: (address, port) => endGrace(keyOf(address, port)) }
}

type GateLimits = Required<Omit<ConnectionGateOptions, 'onLimit'>>

function checkedLimits(options: ConnectionGateOptions): GateLimits {
  const {
    maximumConnections = 1_000,
    maximumUnauthenticated = 100,
    loginGraceMs = 120_000,
  } = options
  requirePositive('maximumConnections', maximumConnections)
  requirePositive('maximumUnauthenticated', maximumUnauthenticated)
  requirePositive('loginGraceMs', loginGraceMs)
  return { maximumConnections, maximumUnauthenticated, loginGraceMs }
}

/** Returns what ends the watch. */
function startGrace(
  socket: GateSocket,
  graceMs: number,
  onLimit: (reason: string, socket: GateSocket) => void,
): () => void {
  // A timer of Node cannot be longer than 2^31 - 1 ms.
  if (graceMs > 2_147_483_647) return () => undefined
  const timer = setTimeout(() => {
    onLimit(`no login within ${graceMs / 1000} s`, socket)
    socket.destroy()
  }, graceMs)
  return () => clearTimeout(timer)
}

/** A server may say lines of text before its version (RFC 4253 section 4.2); OpenSSH's client shows them with `-v`. */
function turnAway(socket: GateSocket, reason: string): void {
  socket.on('error', () => undefined)
  socket.once('finish', () => socket.destroy())
  socket.end(`This server has ${reason}. Try again later.\r\n`)
}

/** ssh2 tells of a client by address, not by socket. */
function keyOf(address: string | undefined, port: number | undefined): string {
  return `${address} ${port}`
}
