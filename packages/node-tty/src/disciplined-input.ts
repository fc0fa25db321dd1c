import type { HandlerContext } from '@hawse/core'
import { LineDiscipline, type DisciplineStep } from './line-discipline/line-discipline'
import {
  rawSettings,
  terminalSettings,
  type TerminalSettings,
} from './line-discipline/terminal-settings'

/** Bytes that a program may have unread before nothing more is typed for it, as on Linux. */
const maximumUnreadBytes = 4096

/** Bytes of echo that a client may leave unread before no more is echoed, as on Linux. */
const maximumUnseenBytes = 4096

/** What a line discipline gives a program. */
export interface DisciplineListener {
  /** Bytes of input. */
  readonly read: (bytes: Uint8Array) => void
  /** No more input; once. */
  readonly ended: () => void
  /** The program is to forget what it has not read. */
  readonly flushed: () => void
}

/** A line discipline between a client and a program, with the modes that the client asked for. */
export class DisciplinedInput {
  readonly #context: HandlerContext
  readonly #listener: DisciplineListener
  readonly #settings: TerminalSettings
  readonly #discipline: LineDiscipline
  #unreadBytes = 0
  #unseenBytes = 0
  #isEnded = false
  #goOn: () => void = () => undefined

  /** Begins to read what the client types. */
  constructor(
    context: HandlerContext,
    pty: NonNullable<HandlerContext['pty']>,
    listener: DisciplineListener,
  ) {
    this.#context = context
    this.#listener = listener
    this.#settings = terminalSettings(pty.modes)
    this.#discipline = new LineDiscipline(this.#settings)
    void this.#readAll()
  }

  /** What output becomes on the terminal. */
  translate(bytes: Uint8Array): Uint8Array {
    return this.#discipline.translate(bytes)
  }

  /** Every key as it is, or lines again. */
  setRaw(isRaw: boolean): void {
    const settings = isRaw ? rawSettings(this.#settings) : this.#settings
    for (const step of this.#discipline.set(settings)) this.#follow(step)
  }

  /** The program has read this many bytes. */
  taken(byteCount: number): void {
    this.#unreadBytes -= byteCount
    this.#goOn()
  }

  async #readAll(): Promise<void> {
    for await (const bytes of this.#context.stdin) {
      for (const step of this.#discipline.receive(bytes)) this.#follow(step)
      while (this.#unreadBytes >= maximumUnreadBytes)
        await new Promise<void>((resolve) => (this.#goOn = resolve))
    }
    this.#end()
  }

  #follow(step: DisciplineStep): void {
    switch (step.type) {
      case 'echo':
        return this.#echo(step.bytes)
      case 'input':
        return this.#give(step.bytes)
      case 'flush':
        this.#unreadBytes = 0
        return this.#listener.flushed()
      case 'signal':
        return this.#context.raise(step.signal)
      case 'end':
        return this.#end()
    }
  }

  /** A client that has gone sees nothing; the program learns of that by its signal. */
  #echo(bytes: Uint8Array): void {
    if (this.#unseenBytes >= maximumUnseenBytes) return
    this.#unseenBytes += bytes.length
    const settle = (): void => void (this.#unseenBytes -= bytes.length)
    this.#context.stdout.write(bytes).then(settle, settle)
  }

  /** Nothing is read behind the end of input. */
  #give(bytes: Uint8Array): void {
    if (this.#isEnded) return
    this.#unreadBytes += bytes.length
    this.#listener.read(bytes)
  }

  #end(): void {
    if (this.#isEnded) return
    this.#isEnded = true
    this.#listener.ended()
  }
}
