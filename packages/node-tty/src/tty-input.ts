import { Readable } from 'node:stream'

/** What a `TtyInput` asks of its terminal. */
export interface TtyInputControl {
  readonly setRaw: (isRaw: boolean) => void
  readonly taken: (byteCount: number) => void
}

/** The input of a terminal, as `process.stdin` is on one (`tty.ReadStream`). */
export class TtyInput extends Readable {
  readonly isTTY = true
  #isRaw = false
  #control: TtyInputControl | undefined
  #unread: Uint8Array[] = []
  #isEnded = false

  /** Whether keys come one by one and as they are. */
  get isRaw(): boolean {
    return this.#isRaw
  }

  /** Has keys come one by one and as they are, without echo, editing or signals; or lines again. */
  setRawMode(isRaw: boolean): this {
    this.#isRaw = isRaw
    this.#control?.setRaw(isRaw)
    return this
  }

  /** For programs that know `process.stdin`: a session ends by itself, so nothing is kept alive by this. */
  ref(): this {
    return this
  }

  /** As `ref`. */
  unref(): this {
    return this
  }

  /** Joins it to its terminal. */
  attach(control: TtyInputControl): void {
    this.#control = control
  }

  /** Gives bytes to whoever reads. */
  give(bytes: Uint8Array): void {
    this.#unread.push(bytes)
    this._read()
  }

  /** Forgets what nobody has read. */
  flush(): void {
    this.#unread = []
  }

  /** No more comes. */
  finish(): void {
    this.#isEnded = true
    this._read()
  }

  override _read(): void {
    // One piece at a time: what is not read can be forgotten.
    while (this.readableLength === 0 && this.#unread.length > 0) {
      const bytes = this.#unread.shift() as Uint8Array
      this.#control?.taken(bytes.length)
      if (!this.push(bytes)) return
    }
    if (this.#isEnded && this.#unread.length === 0 && !this.readableEnded) this.push(null)
  }
}
