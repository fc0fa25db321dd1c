import type { ByteSink } from '@hawse/core'
import type { ScreenSize } from '../screen-size'
import { eventLine, headerLine, type AsciicastCode } from './asciicast'
import { BoundedWriter } from './bounded-writer'
import { Utf8Text } from './utf8-text'

/** What a recording is told at its beginning. */
export interface RecordingStart {
  readonly title: string | undefined
  readonly command: string | undefined
  readonly env: Readonly<Record<string, string>>
  readonly size: ScreenSize
}

/** One asciicast in the making. Nothing waits for it: what its sink is too slow for is dropped, and that is recorded. */
export class Recording {
  readonly #writer: BoundedWriter
  readonly #nowMs: () => number
  readonly #texts = { stdout: new Utf8Text(), stderr: new Utf8Text(), stdin: new Utf8Text() }
  #startedAtMs = 0
  #lastMs = 0
  #isTerminal = true
  #size: ScreenSize | undefined
  #droppedBytes = 0
  #missingBytes = 0
  #isSizeMissing = false

  constructor(
    sink: ByteSink,
    maximumWaitingBytes: number,
    nowMs: () => number,
    failed: (error: unknown) => void,
  ) {
    this.#writer = new BoundedWriter(sink, maximumWaitingBytes, failed)
    this.#nowMs = nowMs
  }

  /** Resolves when the sink has everything, or has failed. */
  get finished(): Promise<void> {
    return this.#writer.finished
  }

  /** Bytes of input and output that are not in the recording. */
  get droppedBytes(): number {
    return this.#droppedBytes
  }

  begin({ size, title, command, env }: RecordingStart): void {
    this.#startedAtMs = this.#nowMs()
    this.#size = size
    const timestamp = Math.floor(this.#startedAtMs / 1000)
    const { columns: width, rows: height } = size
    this.#writer.write(headerLine({ width, height, timestamp, title, command, env }))
  }

  /** Without a terminal nobody has made CR LF of LF, and a player, which is a terminal, would show stairs. */
  noteTerminal(isTerminal: boolean): void {
    this.#isTerminal = isTerminal
  }

  add(code: 'o' | 'i', stream: 'stdin' | 'stdout' | 'stderr', bytes: Uint8Array): void {
    this.#put(code, this.#texts[stream].read(bytes), bytes.length)
  }

  /** The stream has ended: what was cut within a character shows as U+FFFD. */
  endStream(stream: 'stdout' | 'stderr'): void {
    this.#put('o', this.#texts[stream].end(), 0)
  }

  resize(size: ScreenSize): void {
    if (this.#size?.columns === size.columns && this.#size.rows === size.rows) return
    this.#size = size
    this.#isSizeMissing = true
    this.#putMissing(0)
  }

  /** The last event, and the end of the sink. */
  finish(words: string): void {
    this.#putMissing(Infinity)
    this.#write('m', words)
    this.#writer.end()
  }

  #put(code: AsciicastCode, text: string, byteCount: number): void {
    if (text === '') return
    const isPlain = this.#isTerminal || code === 'i'
    const shown = isPlain ? text : text.replaceAll(/\r?\n/g, '\r\n')
    const line = this.#line(code, shown)
    if (this.#putMissing(line.length)) this.#writer.write(line)
    else {
      this.#droppedBytes += byteCount
      this.#missingBytes += byteCount
    }
  }

  /**
   * Puts the marker of what was dropped, and the size of the screen where that is not yet told, before what follows.
   * Whether there was room for all of it; `Infinity` makes room, for these lines are few and short.
   */
  #putMissing(followingBytes: number): boolean {
    const isForced = followingBytes === Infinity
    const neededBytes = followingBytes + (this.#missingBytes > 0 ? roomForMissingBytes : 0)
    if (!isForced && !this.#writer.hasRoomFor(neededBytes)) return false
    if (this.#missingBytes > 0) {
      this.#write('m', `${this.#missingBytes} bytes are missing: the recording was too slow`)
      this.#missingBytes = 0
    }
    if (this.#isSizeMissing && this.#size !== undefined) {
      this.#write('r', `${this.#size.columns}x${this.#size.rows}`)
      this.#isSizeMissing = false
    }
    return true
  }

  #write(code: AsciicastCode, text: string): void {
    this.#writer.write(this.#line(code, text))
  }

  #line(code: AsciicastCode, text: string): Uint8Array {
    // A clock that is set back must not make a recording run backwards.
    this.#lastMs = Math.max(this.#lastMs, this.#nowMs() - this.#startedAtMs)
    return eventLine(this.#lastMs / 1000, code, text)
  }
}

/** More than a marker of dropped bytes and a size take. */
const roomForMissingBytes = 200
