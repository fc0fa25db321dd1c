import type { ByteSource } from './byte-source'

/** What an input pump asks of its process, and tells of its source. */
export interface InputListener {
  readonly write: (bytes: Uint8Array) => void
  /** The source has ended: the input may. */
  readonly close: () => void
  /** The source failed: what the process got is not all. */
  readonly fail: (error: unknown) => void
}

/** Bytes given to a process that it has not taken: then the source is asked for nothing more. */
const maximumPendingBytes = 65_536

/** One write to a process, so that what it has taken is told in pieces. */
const pieceBytes = 32_768

/** Feeds a source to a process as fast as the process takes it. */
export class InputPump {
  /** Bytes that the process has taken. */
  takenBytes = 0
  #phase: 'flowing' | 'ended' | 'closed' = 'flowing'
  #pendingBytes = 0
  #wake: () => void = () => undefined
  readonly #source: ByteSource
  readonly #listener: InputListener

  constructor(source: ByteSource, listener: InputListener) {
    this.#source = source
    this.#listener = listener
  }

  /** Asks the source until it ends, fails, or nobody reads any more. */
  async flow(): Promise<void> {
    try {
      while (await this.#hasCredit()) {
        const bytes = await this.#source.read()
        if (this.#phase !== 'flowing') return
        if (bytes === undefined) {
          this.#end()
          return
        }
        await this.#give(bytes)
      }
    } catch (error) {
      if (this.#phase !== 'flowing') return
      this.#phase = 'closed'
      this.#listener.fail(error)
    }
  }

  /** The process has taken bytes. */
  acknowledge(byteCount: number): void {
    this.takenBytes += byteCount
    this.#pendingBytes -= byteCount
    this.#wake()
  }

  /** Nobody reads the input any more: the source is cancelled, unless it has ended. */
  close(): void {
    if (this.#phase === 'flowing') this.#source.cancel()
    this.#phase = 'closed'
    this.#wake()
  }

  async #give(bytes: Uint8Array): Promise<void> {
    for (let offset = 0; offset < bytes.length; offset += pieceBytes) {
      if (!(await this.#hasCredit())) return
      const piece = bytes.subarray(offset, offset + pieceBytes)
      this.#pendingBytes += piece.length
      this.#listener.write(piece)
    }
  }

  #end(): void {
    this.#phase = 'ended'
    this.#listener.close()
  }

  /** Waits until more may be written; false when nothing may any more. */
  async #hasCredit(): Promise<boolean> {
    while (this.#phase === 'flowing' && this.#pendingBytes >= maximumPendingBytes)
      await new Promise<void>((resolve) => (this.#wake = resolve))
    return this.#phase === 'flowing'
  }
}
