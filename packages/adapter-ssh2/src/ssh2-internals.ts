/**
 * What this package knows about the inside of ssh2, and the only file that reaches into it, but for the memory of what
 * is sent (ssh2-packet-memory.ts), the tap on what is received (ssh2-reader-tap.ts) and the two members of a client in
 * ssh2-client-internals.ts.
 *
 * Why at all: ssh2's public server API cannot carry a session correctly (it loses the exit status after EOF, output
 * where two streams share a full window, and every request once a program runs). So ssh2 keeps the transport,
 * authentication and the opening of channels, and the packets of session channels pass here. What is relied on is
 * checked by name and type when a connection is attached; all of it is in ssh2 1.0 to 1.17, tests run 1.15 to 1.17.
 */
import { HawseError } from '@hawse/core'
import { missingMembers, type RequiredMembers } from './missing-members'
import {
  createPacketMemory,
  type PacketLayoutCipher,
  type PacketMemory,
} from './ssh2-packet-memory'
import { tapReader, type PacketReaderHolder } from './ssh2-reader-tap'
import type { Ssh2Channel, Ssh2Connection, Ssh2Peer, Ssh2Session, Ssh2Socket } from './ssh2-shapes'

/** What can be done to a connection beyond ssh2's public API. */
export interface Ssh2Internals {
  readonly socket: Ssh2Socket
  /** What the client calls itself: `OpenSSH_9.2p1 Debian-2`; empty where unknown. */
  readonly peerSoftware: string
  /**
   * Shows every decrypted and decompressed payload from now on to `isTaken`, which must not throw; what it takes ssh2
   * never sees. Once per connection.
   */
  tapInbound(isTaken: (payload: Uint8Array) => boolean): void
  /** Lets memory for packets go that the socket has taken. */
  releaseMemory(): void
  /** Sends one packet, or has ssh2 queue it while keys are exchanged. Throws what ssh2 throws on a dead connection. */
  send(payloadByteCount: number, write: WritePayload): void
  /** Sends one packet even while keys are exchanged, as only DISCONNECT may. Throws like `send`. */
  sendUrgently(payloadByteCount: number, write: WritePayload): void
  /** Turns Nagle's algorithm off: a public method of ssh2 that its types lack. */
  sendWithoutDelay(): void
  isExchangingKeys(): boolean
  /** Messages that wait for the end of a key exchange. */
  waitingMessageCount(): number
  /** False once ssh2 has released its ciphers: from then on it drops what is sent without a word. */
  isUsable(): boolean
  /** Whether ssh2 has a channel of this number in its table, open or being opened. */
  hasChannel(localChannel: number): boolean
  /** Leaves only the number of a channel in ssh2's table, so that ssh2 neither answers nor cleans it up. */
  takeChannel(localChannel: number): void
  /** Takes the number of a channel that is over out of ssh2's table. */
  forgetChannel(localChannel: number): void
}

/** Writes a payload into a packet, beginning at an offset. */
export type WritePayload = (packet: Uint8Array, offset: number) => void

/** What ssh2 knows of both ends of a channel. */
export interface Ssh2ChannelEnds {
  /** Ours: what the client may send. */
  readonly incoming: {
    readonly [Field in keyof Ssh2ChannelEnd]: NonNullable<Ssh2ChannelEnd[Field]>
  }
  /** The client's: what we may send. */
  readonly outgoing: Ssh2ChannelEnd
}

/** Number, window and largest packet (in bytes) of one end; ssh2 accepts an open that lacks those of the client. */
export interface Ssh2ChannelEnd {
  readonly id: number | undefined
  readonly window: number | undefined
  readonly packetSize: number | undefined
  /** `open`, `eof`, `closing` or `closed`. */
  readonly state: string
}

/** Checks a connection and gives access to it; throws UNSUPPORTED_SSH2 naming every member that is missing. */
export function ssh2Internals(connection: Ssh2Peer): Ssh2Internals {
  requireMembers(connection, connectionMembers, 'connection')
  const client = connection as unknown as Client
  const { _protocol: protocol, _sock: socket, _chanMgr: channels } = client
  const memory = createPacketMemory(socket)
  return {
    socket,
    releaseMemory: () => memory?.release(),
    peerSoftware: softwareOf(protocol._remoteIdentRaw),
    tapInbound: (isTaken) => tapReader(protocol._packetRW, isTaken),
    send: (byteCount, write) => sendPacket(protocol, memory, byteCount, write),
    sendUrgently: (byteCount, write) => sendPacketUrgently(protocol, byteCount, write),
    sendWithoutDelay: () => client.setNoDelay(true),
    isExchangingKeys: () => protocol._kexinit !== undefined,
    waitingMessageCount: () => protocol._queue?.length ?? 0,
    isUsable: () => protocol._destruct !== undefined && socket.writable && !socket.destroyed,
    hasChannel: (localChannel) =>
      localChannel < maximumChannel && channels.get(localChannel) !== undefined,
    // As ssh2 itself marks a number that is given away and has no channel yet.
    takeChannel: (localChannel) => channels.update(localChannel, true),
    forgetChannel: (localChannel) => channels.remove(localChannel),
  }
}

/** Both ends of a session that was just accepted; throws UNSUPPORTED_SSH2. */
export function sessionEnds(session: Ssh2Session): Ssh2ChannelEnds {
  requireMembers(session, sessionMembers, 'session')
  return (session as unknown as { readonly _chanInfo: Ssh2ChannelEnds })._chanInfo
}

/** Both ends of a channel on which a program request was accepted; throws UNSUPPORTED_SSH2. */
export function channelEnds(channel: Ssh2Channel): Ssh2ChannelEnds {
  requireMembers(channel, channelMembers, 'channel')
  return channel as unknown as Ssh2ChannelEnds
}

/** The connection that a channel belongs to; after `channelEnds`. */
export function connectionOfChannel(channel: Ssh2Channel): Ssh2Connection {
  return (channel as unknown as { readonly _client: Ssh2Connection })._client
}

/** Whether a channel is one of an ssh2 client; true only where it says so. */
export function isClientChannel(channel: Ssh2Channel): boolean {
  return (channel as unknown as { readonly server: unknown }).server === false
}

/** Bytes of both outputs that a channel holds and has not sent; after `channelEnds`. */
export function unsentByteCount(channel: Ssh2Channel): number {
  const { stderr } = channel as unknown as { readonly stderr: { readonly writableLength: number } }
  return channel.writableLength + stderr.writableLength
}

/** Takes what a channel has received and nobody has read, without ssh2 re-opening its window for it. */
export function takeReceived(channel: Ssh2Channel): readonly Uint8Array[] {
  // With this flag up, reading makes ssh2 send WINDOW_ADJUST; but the window is not ssh2's any more.
  Reflect.set(channel, '_waitChanDrain', false)
  const received: Uint8Array[] = []
  for (let chunk = channel.read(); chunk instanceof Uint8Array; chunk = channel.read()) {
    received.push(chunk)
  }
  return received
}

/** From this number on ssh2 throws instead of looking. */
const maximumChannel = 2 ** 32 - 1

interface Client {
  setNoDelay(isWithoutDelay: boolean): void
  readonly _sock: Ssh2Socket
  readonly _protocol: Protocol
  readonly _chanMgr: {
    get(localChannel: number): unknown
    update(localChannel: number, channel: unknown): void
    remove(localChannel: number): void
  }
}

interface Protocol {
  readonly _packetRW: PacketStreams
  readonly _cipher: Partial<PacketLayoutCipher> & { encrypt(packet: Uint8Array): void }
  /** Our KEXINIT, while keys are exchanged. */
  readonly _kexinit: unknown
  /** Payloads that wait for the end of the exchange. */
  _queue: Uint8Array[] | undefined
  /** Undefined once the connection was given up. */
  readonly _destruct: unknown
  readonly _remoteIdentRaw: unknown
}

interface PacketStreams extends PacketReaderHolder {
  /** Replaced as the reader is. */
  readonly write: PacketWriter
}

interface PacketWriter {
  /** Where the payload begins in what `alloc` returns; 0 instead of 5 with compression or while keys are exchanged. */
  readonly allocStart: number
  readonly allocStartKEX: number
  alloc(payloadByteCount: number, isUrgent?: boolean): Uint8Array
  finalize(packet: Uint8Array, isUrgent?: boolean): Uint8Array
}

/** What is relied on at either end of a connection. */
export const connectionMembers: RequiredMembers = {
  on: 'function',
  removeListener: 'function',
  setNoDelay: 'function',
  '_sock.end': 'function',
  '_sock.destroy': 'function',
  '_sock.writableLength': 'number',
  '_chanMgr.get': 'function',
  '_chanMgr.update': 'function',
  '_chanMgr.remove': 'function',
  '_protocol._packetRW.read.read': 'function',
  '_protocol._packetRW.read.cleanup': 'function',
  '_protocol._packetRW.write.alloc': 'function',
  '_protocol._packetRW.write.finalize': 'function',
  '_protocol._packetRW.write.allocStart': 'number',
  '_protocol._packetRW.write.allocStartKEX': 'number',
  '_protocol._cipher.encrypt': 'function',
  '_protocol._kexinit': 'present',
  '_protocol._queue': 'present',
  '_protocol._destruct': 'present',
}

const endMembers: RequiredMembers = {
  'incoming.id': 'number',
  'incoming.window': 'number',
  'incoming.packetSize': 'number',
  'incoming.state': 'string',
  'outgoing.id': 'present',
  'outgoing.window': 'present',
  'outgoing.packetSize': 'present',
  'outgoing.state': 'string',
}

const sessionMembers: RequiredMembers = {
  on: 'function',
  removeListener: 'function',
  ...Object.fromEntries(
    Object.entries(endMembers).map(([path, kind]) => [`_chanInfo.${path}`, kind]),
  ),
}

const channelMembers: RequiredMembers = {
  ...endMembers,
  read: 'function',
  writableLength: 'number',
  'stderr.writableLength': 'number',
  _waitChanDrain: 'present',
  _client: 'object',
}

/** Throws UNSUPPORTED_SSH2 naming every member that is missing. */
export function requireMembers(root: object, required: RequiredMembers, what: string): void {
  const missing = missingMembers(root, required)
  if (missing.length === 0) return
  throw new HawseError(
    'UNSUPPORTED_SSH2',
    `This ${what} lacks ${missing.join(', ')}. Expected an object of ssh2 1.15 to 1.17; ` +
      'pass what its events gave, and install a version in that range.',
  )
}

function sendPacket(
  protocol: Protocol,
  memory: PacketMemory | undefined,
  byteCount: number,
  write: WritePayload,
): void {
  const writer = protocol._packetRW.write
  const offset = writer.allocStart
  const packet = reusedPacket(protocol, memory, byteCount) ?? writer.alloc(byteCount)
  write(packet, offset)
  const finished = writer.finalize(packet)
  if (protocol._kexinit === undefined) protocol._cipher.encrypt(finished)
  else (protocol._queue ??= []).push(finished)
}

/** Only where nothing is compressed and no keys are exchanged is the payload put where it will be encrypted. */
function reusedPacket(
  { _packetRW, _kexinit, _cipher }: Protocol,
  memory: PacketMemory | undefined,
  byteCount: number,
): Uint8Array | undefined {
  const isPlain = _kexinit === undefined && _packetRW.write.allocStart === payloadOffset
  if (!isPlain || _cipher.allocPacket === undefined) return undefined
  return memory?.packet(_cipher as PacketLayoutCipher, byteCount)
}

/** Where a payload begins in a packet (RFC 4253 section 6). */
const payloadOffset = 5

function sendPacketUrgently(protocol: Protocol, byteCount: number, write: WritePayload): void {
  const writer = protocol._packetRW.write
  const offset = writer.allocStartKEX
  const packet = writer.alloc(byteCount, true)
  write(packet, offset)
  protocol._cipher.encrypt(writer.finalize(packet, true))
}

function softwareOf(ident: unknown): string {
  if (!(ident instanceof Uint8Array)) return ''
  return Buffer.from(ident)
    .toString('latin1')
    .replace(/^SSH-[^-]*-/, '')
    .trim()
}
