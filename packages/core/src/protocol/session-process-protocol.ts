import type { Observable } from 'rxjs'
import { HawseError } from '../errors/hawse-error'
import type { Address } from '../ports/address'
import type { ChannelPort } from '../ports/channel-port'
import type { ExitOutcome } from '../ports/exit-outcome'
import type { OutputName, ProcessEvent, ProcessPort } from '../ports/process-port'
import type { SessionCommand } from '../session/session-command'
import type { SessionState } from '../session/session-state'
import type { OwnerCommand } from '../streams/perform-command'
import { SessionDriver, type SessionResult } from '../streams/session-driver'
import type { SessionOptions } from '../streams/session-options'

/** Something that writes to the remote end, and can be told to wait. */
export interface Producer {
  pauseProducing(): void
  /** Go on; a pull producer writes once for each call. */
  resumeProducing(): void
  /** Nothing can be written any more. */
  stopProducing(): void
}

/**
 * Both a process protocol and a transport: a transport to the remote endpoint, a process protocol to the local
 * process. The successor of Twisted Conch's `SSHSessionProcessProtocol`, as a thin face over the session machine.
 *
 * A person who has the events of a process at hand calls the methods; a person who has a `ProcessPort` calls
 * `makeConnection` and the port's events arrive at the same methods, where a subclass can see them.
 * No method throws but where it says so; what comes at an impossible moment changes nothing.
 */
export class SessionProcessProtocol {
  readonly #channel: ChannelPort
  readonly #driver: SessionDriver
  #producer: Producer | undefined

  /** Listens to the channel from now on. Throws `INVALID_ARGUMENT` for options that cannot work. */
  constructor(channel: ChannelPort, options: SessionOptions = {}) {
    this.#channel = channel
    this.#driver = new SessionDriver(channel, options, (command) => this.#own(command))
    this.#driver.open()
  }

  /** The session's state now and after each step; completes with the session. */
  get state$(): Observable<SessionState> {
    return this.#driver.state$
  }

  /** Every command of the machine, once performed; `program.decide` asks for a `makeConnection` or `refuse`. */
  get command$(): Observable<SessionCommand> {
    return this.#driver.command$
  }

  /** Resolves once, when the session has ended; never rejects. */
  get outcome(): Promise<SessionResult> {
    return this.#driver.outcome
  }

  /**
   * Binds the process, which is also the acceptance of a program request that waits, and calls `connectionMade`.
   * Throws `ALREADY_CONNECTED` the second time.
   */
  makeConnection(process: ProcessPort): void {
    this.#driver.bind(process, (event) => this.#hear(event))
    this.connectionMade()
  }

  /** Starts the bound process; then early input is written to it, and then early EOF is applied. */
  connectionMade(): void {
    this.#driver.dispatch({ type: 'program.accepted' })
  }

  /** Refuses the program request that waits; the client is shown the reason. */
  refuse(reason: string): void {
    this.#driver.dispatch({ type: 'program.refused', reason })
  }

  /** Standard output of the process, for CHANNEL_DATA (RFC 4254 section 5.2). */
  outReceived(data: Uint8Array): void {
    this.#driver.dispatch({ type: 'process.output', output: 'stdout', bytes: data })
  }

  /** Standard error of the process, for CHANNEL_EXTENDED_DATA of type 1 (RFC 4254 section 5.2). */
  errReceived(data: Uint8Array): void {
    this.#driver.dispatch({ type: 'process.output', output: 'stderr', bytes: data })
  }

  /** Output by file descriptor: 1 and 2; SSH has no place for others, which are ignored. */
  childDataReceived(fileDescriptor: number, data: Uint8Array): void {
    if (fileDescriptor === 1) this.outReceived(data)
    if (fileDescriptor === 2) this.errReceived(data)
  }

  /** The process closed its standard input: what the client still sends is consumed and dropped. */
  inConnectionLost(): void {
    this.#driver.dispatch({ type: 'process.inputClosed' })
  }

  /** Standard output ended; EOF is sent once both outputs have, behind all their bytes. */
  outConnectionLost(): void {
    this.#endOutput('stdout')
  }

  /** Standard error ended; EOF is sent once both outputs have, behind all their bytes. */
  errConnectionLost(): void {
    this.#endOutput('stderr')
  }

  /** A descriptor of the process was closed: 0, 1 or 2; others are ignored. */
  childConnectionLost(fileDescriptor: number): void {
    if (fileDescriptor === 0) this.inConnectionLost()
    if (fileDescriptor === 1) this.outConnectionLost()
    if (fileDescriptor === 2) this.errConnectionLost()
  }

  /** The process was reaped: exit-status or exit-signal is sent at once, and once (RFC 4254 section 6.10). */
  processExited(outcome: ExitOutcome): void {
    this.#driver.dispatch({ type: 'process.exited', outcome })
  }

  /**
   * The process was reaped and its outputs are through: the report if not yet made, EOF if not yet sent, then CLOSE
   * after all pending writes. Without an outcome only CLOSE.
   */
  processEnded(outcome?: ExitOutcome): void {
    if (outcome === undefined) return this.loseConnection()
    this.processExited(outcome)
    this.#endOutput('stdout')
    this.#endOutput('stderr')
  }

  /** Whoever used this as a transport has gone: closes towards the remote end. */
  connectionLost(reason = 'the connection of the program was lost'): void {
    this.#driver.dispatch({ type: 'session.loseConnection', reason })
  }

  /** Our address of the transport. */
  getHost(): Address {
    return this.#channel.host
  }

  /** The remote address of the transport. */
  getPeer(): Address {
    return this.#channel.peer
  }

  /**
   * Bytes for the remote's stdout, in order. Never blocks; nothing is lost while the connection lives. Who writes
   * much registers a producer. After `loseConnection` bytes are dropped, and counted in the outcome.
   */
  write(data: Uint8Array): void {
    this.#driver.dispatch({ type: 'session.write', bytes: data })
  }

  /** All chunks in order, without joining them into one first. */
  writeSequence(chunks: Iterable<Uint8Array>): void {
    for (const chunk of chunks) this.write(chunk)
  }

  /** Closes after all pending writes, and not before a registered producer has been unregistered. */
  loseConnection(): void {
    this.#driver.dispatch({
      type: 'session.loseConnection',
      reason: 'the connection was given up',
    })
  }

  /**
   * Registers who writes: it is paused above the high water mark and resumed below the low. A push producer
   * (`isStreaming`) writes until it is paused; a pull producer writes once per `resumeProducing`.
   * On a lost connection it is stopped at once. Throws `PRODUCER_REGISTERED` while another is registered.
   */
  registerProducer(producer: Producer, isStreaming: boolean): void {
    if (this.#producer !== undefined) {
      throw new HawseError(
        'PRODUCER_REGISTERED',
        'a producer is already registered; call unregisterProducer() before registering another',
      )
    }
    this.#producer = producer
    this.#driver.dispatch({ type: 'producer.registered', kind: isStreaming ? 'push' : 'pull' })
  }

  /** The producer has ended; a `loseConnection` that waited for it happens now. */
  unregisterProducer(): void {
    this.#producer = undefined
    this.#driver.dispatch({ type: 'producer.unregistered' })
  }

  #own(command: OwnerCommand): void {
    if (command.type === 'producer.pause') this.#producer?.pauseProducing()
    if (command.type === 'producer.resume') this.#producer?.resumeProducing()
    if (command.type === 'producer.stop') {
      const stopped = this.#producer
      this.#producer = undefined
      stopped?.stopProducing()
    }
  }

  #endOutput(output: OutputName): void {
    this.#driver.dispatch({ type: 'process.outputEnded', output })
  }

  /** A process port's events take the way of the methods, so that a subclass sees them. */
  #hear(event: ProcessEvent): void {
    switch (event.type) {
      case 'process.output':
        return this.childDataReceived(fileDescriptors[event.output], event.bytes)
      case 'process.outputEnded':
        return this.childConnectionLost(fileDescriptors[event.output])
      case 'process.inputClosed':
        return this.childConnectionLost(0)
      case 'process.exited':
        return this.processExited(event.outcome)
      default:
        this.#driver.dispatch(event)
    }
  }
}

const fileDescriptors: Readonly<Record<OutputName, number>> = { stdout: 1, stderr: 2 }
