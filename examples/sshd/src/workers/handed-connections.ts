import type { ConnectionGate, GateSocket } from '@hawse/adapter-ssh2'
import type { Socket } from 'node:net'
import type { PrimaryMessage } from './worker-messages'

/** Somebody who serves connections. */
export interface Receiver {
  readonly send: (message: PrimaryMessage, socket?: Socket) => void
}

interface Connection {
  readonly id: number
  /** Our copy, that nobody reads here. */
  readonly socket: Socket
  /** `undefined` while it waits. */
  receiver: Receiver | undefined
  readonly closeListeners: (() => void)[]
}

/**
 * The connections of a server, whichever process serves them.
 *
 * Every one is counted here, so that limits hold over all who serve: from the moment it is accepted until its receiver
 * says that it closed, or is gone. A count may be too high for a moment, and never too low.
 */
export class HandedConnections {
  readonly #gate: ConnectionGate
  readonly #choose: (countOf: (receiver: Receiver) => number) => Receiver | undefined
  readonly #connections = new Map<number, Connection>()
  readonly #counts = new Map<Receiver, number>()
  #lastId = 0

  /** `choose` names the receiver of the next connection, if there is one, by how many each has. */
  constructor(
    gate: ConnectionGate,
    choose: (countOf: (receiver: Receiver) => number) => Receiver | undefined,
  ) {
    this.#gate = gate
    this.#choose = choose
  }

  /** Hands a connection over, unless there are too many; it waits where nobody is there to serve it. */
  accept(socket: Socket): void {
    const id = (this.#lastId += 1)
    const connection = { id, socket, receiver: undefined, closeListeners: [] }
    socket.on('error', () => undefined)
    if (!this.#gate.admit(this.#admission(connection))) {
      // Unread bytes would make the end of the socket a reset, in which what it was told is lost.
      socket.resume()
      return
    }
    this.#connections.set(id, connection)
    this.#hand(connection)
  }

  /** Somebody is there now. */
  serveWaiting(): void {
    for (const connection of this.#all(undefined)) this.#hand(connection)
  }

  /** The receiver has the socket: this process needs its own copy no more. */
  noteTaken(id: number): void {
    this.#connections.get(id)?.socket.destroy()
  }

  noteClosed(id: number): void {
    const connection = this.#connections.get(id)
    if (connection !== undefined) this.#finish(connection)
  }

  /** Ends what a receiver had that is gone, or with `undefined` what waits; returns how many connections those were. */
  dropAllOf(receiver: Receiver | undefined): number {
    const dropped = this.#all(receiver)
    dropped.forEach((connection) => this.#finish(connection))
    if (receiver !== undefined) this.#counts.delete(receiver)
    return dropped.length
  }

  #all(receiver: Receiver | undefined): readonly Connection[] {
    return [...this.#connections.values()].filter((one) => one.receiver === receiver)
  }

  #hand(connection: Connection): void {
    const receiver = this.#choose((one) => this.#counts.get(one) ?? 0)
    if (receiver === undefined) return
    connection.receiver = receiver
    this.#count(receiver, 1)
    receiver.send({ type: 'connection', id: connection.id }, connection.socket)
  }

  #finish(connection: Connection): void {
    this.#connections.delete(connection.id)
    if (connection.receiver !== undefined) this.#count(connection.receiver, -1)
    connection.socket.destroy()
    connection.closeListeners.forEach((listener) => listener())
  }

  #count(receiver: Receiver, change: 1 | -1): void {
    this.#counts.set(receiver, (this.#counts.get(receiver) ?? 0) + change)
  }

  /** The connection as the gate knows it: it closes where it is served, and is destroyed there. */
  #admission(connection: Connection): GateSocket {
    const { id, socket, closeListeners } = connection
    return {
      remoteAddress: socket.remoteAddress,
      remotePort: socket.remotePort,
      on: (event, listener) => socket.on(event, listener),
      once: (event, listener) =>
        event === 'close' ? closeListeners.push(listener) : socket.once(event, listener),
      end: (text) => socket.end(text),
      destroy: () => {
        if (connection.receiver === undefined) this.#finish(connection)
        else connection.receiver.send({ type: 'destroyConnection', id })
      },
    }
  }
}
