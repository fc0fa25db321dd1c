/**
 * The members of ssh2's objects that are used, declared structurally, so that neither ssh2 nor its types are needed to
 * compile against this package. A `Connection`, `Session` or `ServerChannel` of `@types/ssh2` fits.
 */

/** Either end of an ssh2 connection. */
export interface Ssh2Peer {
  on(event: 'error', listener: (error: Error) => void): unknown
  on(event: 'handshake', listener: () => void): unknown
  on(event: 'end', listener: () => void): unknown
  on(event: 'close', listener: () => void): unknown
  removeListener(event: 'close', listener: () => void): unknown
}

/** One client of an ssh2 server: what `server.on('connection', (client) => ...)` gives. */
export interface Ssh2Connection extends Ssh2Peer {
  on(event: 'session', listener: Ssh2SessionListener): unknown
  on(event: 'error', listener: (error: Error) => void): unknown
  on(event: 'handshake', listener: () => void): unknown
  on(event: 'end', listener: () => void): unknown
  on(event: 'close', listener: () => void): unknown
  removeListener(event: 'session', listener: Ssh2SessionListener): unknown
  removeListener(event: 'close', listener: () => void): unknown
}

/** An ssh2 client: what `new Client()` gives. */
export interface Ssh2Client extends Ssh2Peer {
  removeListener(event: 'error', listener: (error: Error) => void): unknown
  removeListener(event: 'handshake', listener: () => void): unknown
  removeListener(event: 'end', listener: () => void): unknown
  removeListener(event: 'close', listener: () => void): unknown
}

/** Listener of the 'session' event. */
export type Ssh2SessionListener = (accept: AcceptSsh2Session, reject: () => void) => void

/** The `accept` of the 'session' event; undefined where the open was already answered. */
export type AcceptSsh2Session = () => Ssh2Session | undefined

/** What the `accept` of the 'session' event returns. */
export interface Ssh2Session {
  on(event: string, listener: () => void): unknown
  removeListener(event: string, listener: () => void): unknown
}

/** The `accept` of the 'exec', 'shell' and 'subsystem' events; undefined where it came too late. */
export type AcceptSsh2Channel = () => Ssh2Channel | undefined

/** What the `accept` of the 'exec', 'shell' and 'subsystem' events returns. */
export interface Ssh2Channel {
  readonly incoming: unknown
  readonly outgoing: unknown
  /** Bytes given to `write` that have not left. */
  readonly writableLength: number
  /** The standard error stream. */
  readonly stderr: object
  /** What has been received and not been read, or null. */
  read(): unknown
}

/** The stream under an ssh2 connection: a `net.Socket`, or any duplex given to `server.injectSocket`. */
export interface Ssh2Socket {
  readonly writable: boolean
  /** Bytes waiting to be written. */
  readonly writableLength: number
  /** Whether 'drain' is going to be emitted. */
  readonly writableNeedDrain: boolean
  readonly destroyed: boolean
  readonly localAddress?: string | undefined
  readonly localPort?: number | undefined
  readonly remoteAddress?: string | undefined
  readonly remotePort?: number | undefined
  on(event: 'drain', listener: () => void): unknown
  once(event: 'close', listener: () => void): unknown
  /** Holds what is written until `uncork`; without it every packet is a write of its own. */
  cork?(): void
  uncork?(): void
  end(): unknown
  destroy(): unknown
}
