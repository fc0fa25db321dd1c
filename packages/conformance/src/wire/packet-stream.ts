import type { Socket } from 'node:net'
import { openPlain, sealPlain, type OpenPacket, type SealPacket } from './packet-cipher'

/** Told what comes. */
export interface PacketStreamListener {
  readonly onIdent: () => void
  readonly onPayload: (payload: Buffer) => void
}

/** Packets on a socket, after the exchange of idents (RFC 4253 section 4.2). */
export class PacketStream {
  /** How packets are made and opened from now on. */
  seal: SealPacket = sealPlain
  open: OpenPacket = openPlain
  readonly #socket: Socket
  readonly #listener: PacketStreamListener
  #peerIdent = ''
  #waiting = Buffer.alloc(0)

  /** Sends our ident, and reads the server's and then packets. */
  constructor(socket: Socket, ident: string, listener: PacketStreamListener) {
    this.#socket = socket
    this.#listener = listener
    socket.setNoDelay(true)
    socket.write(`${ident}\r\n`)
    socket.on('data', (chunk: Buffer) => this.#read(chunk))
  }

  /** What the server calls itself, without the line end; empty until it has said so. */
  get peerIdent(): string {
    return this.#peerIdent
  }

  /** Writes packets at once, in one piece where there are several. */
  write(payloads: readonly Uint8Array[]): void {
    if (!this.#socket.writable) return
    this.#socket.write(Buffer.concat(payloads.map((payload) => this.seal(payload))))
  }

  #read(chunk: Buffer): void {
    this.#waiting = Buffer.concat([this.#waiting, chunk])
    if (this.#peerIdent === '') this.#readIdent()
    if (this.#peerIdent !== '') this.#readPackets()
  }

  /** A server may say other lines before its ident. */
  #readIdent(): void {
    while (this.#peerIdent === '') {
      const end = this.#waiting.indexOf('\n')
      if (end === -1) return
      const line = this.#waiting.subarray(0, end).toString('latin1').replace(/\r$/, '')
      this.#waiting = this.#waiting.subarray(end + 1)
      if (line.startsWith('SSH-')) this.#peerIdent = line
    }
    this.#listener.onIdent()
  }

  /** Keys may change with any packet, so the next is opened after the last was taken. */
  #readPackets(): void {
    let packet = this.open(this.#waiting)
    while (packet !== undefined) {
      this.#waiting = this.#waiting.subarray(packet.byteCount)
      this.#listener.onPayload(packet.payload)
      packet = this.open(this.#waiting)
    }
  }
}
