import type { ChannelEvent, ChannelPort } from '../../src/ports/channel-port'
import type { TerminalRequest } from '../../src/ports/terminal'
import { decodeUtf8, encodeUtf8 } from '../../src/platform/text'
import type { ChannelRequest } from '../../src/wire/channel-request'

/** A client at the far end of a memory channel, that remembers all it was told. */
export interface TestClient {
  readonly events: readonly ChannelEvent[]
  readonly replies: readonly boolean[]
  /** Requests of the server, in order: exit-status, exit-signal, eow. */
  readonly requests: readonly ChannelRequest[]
  stdout(): string
  stderr(): string
  stdoutBytes(): Uint8Array
  stderrBytes(): Uint8Array
  has(type: ChannelEvent['type']): boolean
  request(request: ChannelRequest, wantsReply?: boolean): void
  exec(command: string): void
  send(text: string | Uint8Array): void
  eof(): void
  close(): void
  /** Whether what arrives is given back to the server's window at once. */
  setReading(isReading: boolean): void
}

/** How a test client behaves. */
export interface TestClientOptions {
  /** Whether what arrives is given back to the window at once; true by default. */
  readonly isReading?: boolean
  /** Whether CLOSE is answered by CLOSE at once; true by default. */
  readonly isAnsweringClose?: boolean
}

/** Sits down at the client's end of a channel. */
export function testClient(channel: ChannelPort, options: TestClientOptions = {}): TestClient {
  let isReading = options.isReading ?? true
  let unreadBytes = 0
  const events: ChannelEvent[] = []
  const grant = (): void => {
    if (!isReading || unreadBytes === 0) return
    const byteCount = unreadBytes
    unreadBytes = 0
    channel.perform({ type: 'channel.grant', byteCount })
  }
  channel.event$.subscribe((event) => {
    events.push(event)
    if ('bytes' in event) unreadBytes += event.bytes.length
    grant()
    // As every client: what it does not know it answers with failure.
    if (event.type === 'channel.requested' && event.wantsReply) {
      channel.perform({ type: 'channel.reply', requestId: event.requestId, isSuccess: false })
    }
    if (event.type === 'channel.closeReceived' && options.isAnsweringClose !== false) {
      channel.perform({ type: 'channel.close' })
    }
  })
  channel.perform({ type: 'channel.openWindow' })
  const collect = (type: 'channel.dataReceived' | 'channel.extendedDataReceived'): Uint8Array =>
    joinBytes(events.flatMap((event) => (event.type === type ? [event.bytes] : [])))
  const request = (request: ChannelRequest, wantsReply = true): void =>
    channel.perform({ type: 'channel.sendRequest', request, wantsReply })
  return {
    events,
    get replies() {
      return events.flatMap((event) => (event.type === 'channel.replied' ? [event.isSuccess] : []))
    },
    get requests() {
      return events.flatMap((event) => (event.type === 'channel.requested' ? [event.request] : []))
    },
    stdoutBytes: () => collect('channel.dataReceived'),
    stderrBytes: () => collect('channel.extendedDataReceived'),
    stdout: () => decodeUtf8(collect('channel.dataReceived')),
    stderr: () => decodeUtf8(collect('channel.extendedDataReceived')),
    has: (type) => events.some((event) => event.type === type),
    request,
    exec: (command) => request(execRequest(command)),
    send: (text) =>
      channel.perform({
        type: 'channel.sendData',
        bytes: typeof text === 'string' ? encodeUtf8(text) : text,
      }),
    eof: () => channel.perform({ type: 'channel.sendEof' }),
    close: () => {
      // As a client that quits: what it has not sent does not keep its CLOSE back.
      channel.perform({ type: 'channel.dropPending', scope: 'all' })
      channel.perform({ type: 'channel.close' })
    },
    setReading: (now) => {
      isReading = now
      grant()
    },
  }
}

/** A request to run a command. */
export function execRequest(command: string): ChannelRequest {
  return { name: 'exec', command, commandBytes: encodeUtf8(command) }
}

/** A request to set a variable. */
export function envRequest(variable: string, value: string): ChannelRequest {
  return { name: 'env', variable, value, valueBytes: encodeUtf8(value) }
}

/** A request for a terminal of this size. */
export function ptyRequest(
  columns = 80,
  rows = 24,
  modes: TerminalRequest['modes'] = new Map(),
): ChannelRequest {
  const size = { columns, rows, widthPixels: 0, heightPixels: 0 }
  return { name: 'pty-req', terminal: { term: 'xterm', size, modes } }
}

/** A request for new dimensions. */
export function resizeRequest(columns: number, rows: number): ChannelRequest {
  return { name: 'window-change', size: { columns, rows, widthPixels: 0, heightPixels: 0 } }
}

/** All chunks as one. */
export function joinBytes(chunks: readonly Uint8Array[]): Uint8Array {
  const joined = new Uint8Array(chunks.reduce((sum, chunk) => sum + chunk.length, 0))
  let offset = 0
  for (const chunk of chunks) {
    joined.set(chunk, offset)
    offset += chunk.length
  }
  return joined
}
