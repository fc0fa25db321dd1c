import type { Readable, Writable } from 'node:stream'
import type { ReadStream, WriteStream } from 'node:tty'
import {
  createEventSource,
  remoteProgram,
  type Address,
  type ChannelCommand,
  type ChannelEvent,
  type ChannelPort,
  type ChannelRequest,
  type RemoteProgramOptions,
} from '@hawse/core'
import { localTerminal, sizeOf, type LocalTerminal } from './local-terminal'
import { watchSignals } from './signals'
import { stdioInput, type StdioInput } from './stdio-input'
import { stdioOutput, type StdioOutput } from './stdio-output'

/** What the user at this terminal asks for; exactly one of `command`, `shell` and `subsystem`. */
export interface StdioChannelOptions extends Pick<
  RemoteProgramOptions,
  'command' | 'shell' | 'subsystem' | 'env'
> {
  /** Whether to ask for a terminal; by default for a shell, where `stdin` is a terminal, as `ssh` does. */
  readonly hasTerminal?: boolean
  /** Where input comes from, `process.stdin` by default; `null` for none, as `ssh -n`. */
  readonly stdin?: Readable | null
  /** Where standard output goes; `process.stdout` by default. */
  readonly stdout?: Writable
  /** Where standard error goes; `process.stderr` by default. */
  readonly stderr?: Writable
}

/**
 * The user at this process's own terminal, or behind its standard streams, as a channel that asks for one program.
 *
 * Give it to `runSession`: what the handlers run then talks to the user as a program on another host does through
 * `ssh`. With a terminal, keys go to the program as they are, the terminal's size and modes are told, and so are later
 * sizes; the terminal is given back as it was at the end of the session, and on any exit of this process but SIGKILL.
 * SIGINT, SIGTERM and SIGQUIT of this process become signals of the channel (RFC 4254 section 6.9); one that comes
 * again, and SIGHUP, is the loss of the channel. The streams are left open. Throws `INVALID_ARGUMENT` for a program
 * that cannot be asked for.
 */
export function stdioChannel(options: StdioChannelOptions): ChannelPort {
  return new StdioChannel(options)
}

/** A user at a terminal of this machine has no address. */
const nowhere: Address = { family: 'unix', address: '', port: 0 }

type ProgramPhase = 'asked' | 'granted' | 'closing' | 'over'

class StdioChannel implements ChannelPort {
  readonly event$
  readonly host = nowhere
  readonly peer = nowhere
  /** Understands `eow@openssh.com`, which is told only to who says so. */
  readonly peerSoftware = 'OpenSSH_stdio'
  readonly #source = createEventSource<ChannelEvent>()
  readonly #terminal: LocalTerminal | undefined
  readonly #displays: readonly WriteStream[]
  readonly #input: StdioInput | undefined
  readonly #stdout: StdioOutput
  readonly #stderr: StdioOutput
  readonly #stopSignals: () => void
  readonly #resize = (): void =>
    this.#request({ name: 'window-change', size: sizeOf(this.#displays) }, false)
  /** Requests that were asked for with a reply, by their number. */
  readonly #asked: ChannelRequest['name'][] = []
  #requestCount = 0
  #phase: ProgramPhase = 'asked'

  constructor(options: StdioChannelOptions) {
    const { stdin = process.stdin, stdout = process.stdout, stderr = process.stderr } = options
    const { hasTerminal = isTerminal(stdin) && options.shell === true } = options
    const program = remoteProgram(options)
    this.event$ = this.#source.event$
    this.#displays = [stdout, stderr].filter(isTerminal)
    this.#terminal =
      isTerminal(stdin) && hasTerminal ? localTerminal(stdin, this.#displays) : undefined
    this.#stdout = this.#output(stdout, () => this.#request({ name: 'eow@openssh.com' }, false))
    this.#stderr = this.#output(stderr, () => undefined)
    this.#stopSignals = watchSignals({
      received: (signal) => this.#request({ name: 'signal', signal }, false),
      insisted: (signal) => this.#end({ type: 'channel.lost', reason: `SIG${signal} came` }),
    })
    const terminal = this.#terminal?.request() ?? (hasTerminal ? noTerminal : undefined)
    if (terminal !== undefined) this.#request({ name: 'pty-req', terminal }, true)
    for (const [variable, value] of Object.entries(options.env ?? {}))
      this.#request({ name: 'env', variable, value, valueBytes: Buffer.from(value) }, false)
    this.#request(program.request, true)
    if (stdin === null) this.#emit({ type: 'channel.eofReceived' })
    else this.#input = stdioInput(stdin, this.#inputListener())
  }

  perform(command: ChannelCommand): void {
    if (this.#phase === 'over') return
    switch (command.type) {
      case 'channel.openWindow':
        return this.#input?.open()
      case 'channel.grant':
        return this.#input?.grant(command.byteCount)
      case 'channel.sendData':
        return this.#stdout.write(command.bytes)
      case 'channel.sendExtendedData':
        return this.#stderr.write(command.bytes)
      case 'channel.dropPending':
        this.#stdout.drop()
        return command.scope === 'all' ? this.#stderr.drop() : undefined
      case 'channel.sendRequest':
        return this.#hear(command.request, command.wantsReply)
      case 'channel.reply':
        return this.#learn(command.requestId, command.isSuccess)
      case 'channel.sendEof':
        // This process's streams stay open: others may write to them.
        return undefined
      case 'channel.close':
        return this.#close()
    }
  }

  #inputListener(): Parameters<typeof stdioInput>[1] {
    return {
      read: (bytes) => this.#emit({ type: 'channel.dataReceived', bytes }),
      ended: () => this.#emit({ type: 'channel.eofReceived' }),
    }
  }

  #output(stream: Writable, broken: () => void): StdioOutput {
    return stdioOutput(stream, {
      written: (byteCount) => this.#emit({ type: 'channel.written', byteCount }),
      dropped: (byteCount) => this.#emit({ type: 'channel.dropped', byteCount }),
      broken,
    })
  }

  /** A program that reads no more needs no input; other requests of a session ask nothing of a user. */
  #hear(request: ChannelRequest, wantsReply: boolean): void {
    if (request.name === 'eow@openssh.com') this.#input?.stop()
    // What came before it is shown by then, which is what such a question is asked for.
    if (wantsReply) this.#whenShown(() => this.#emit({ type: 'channel.replied', isSuccess: false }))
  }

  #learn(requestId: number, isSuccess: boolean): void {
    const name = this.#asked[requestId]
    if (name === 'pty-req') return this.#learnOfTerminal(isSuccess)
    if (this.#phase !== 'asked' || name === undefined) return
    this.#phase = 'granted'
    // As `ssh`: a user who is refused the program goes.
    if (!isSuccess) this.#emit({ type: 'channel.closeReceived' })
  }

  #learnOfTerminal(isSuccess: boolean): void {
    if (!isSuccess) return
    this.#terminal?.enterRaw()
    for (const display of this.#displays) display.on('resize', this.#resize)
  }

  #request(request: ChannelRequest, wantsReply: boolean): void {
    const requestId = this.#requestCount
    this.#requestCount += 1
    if (wantsReply) this.#asked[requestId] = request.name
    this.#emit({ type: 'channel.requested', requestId, request, wantsReply })
  }

  #whenShown(callback: () => void): void {
    this.#stdout.whenFlushed(() => this.#stderr.whenFlushed(callback))
  }

  #close(): void {
    if (this.#phase === 'closing') return
    this.#phase = 'closing'
    this.#whenShown(() => this.#end({ type: 'channel.closed' }))
  }

  #end(last: ChannelEvent): void {
    if (this.#phase === 'over') return
    this.#emit(last)
    this.#phase = 'over'
    this.#source.complete()
    this.#input?.stop()
    this.#stopSignals()
    this.#terminal?.restore()
    for (const display of this.#displays) display.off('resize', this.#resize)
    for (const output of [this.#stdout, this.#stderr]) output.stop()
  }

  #emit(event: ChannelEvent): void {
    if (this.#phase !== 'over') this.#source.emit(event)
  }
}

/** Asked for where this process has none, as with `ssh -tt`. */
const noTerminal = {
  term: process.env['TERM'] ?? 'dumb',
  size: sizeOf([]),
  modes: new Map<number, number>(),
}

function isTerminal<Stream extends Readable | Writable>(
  stream: Stream | null,
): stream is Stream & ReadStream & WriteStream & { readonly fd: number } {
  return stream !== null && 'isTTY' in stream && stream.isTTY === true
}
