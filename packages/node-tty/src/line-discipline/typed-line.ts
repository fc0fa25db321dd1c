import { isContinuation, isControl, isWordCharacter, tab } from './characters'
import type { TerminalSettings } from './terminal-settings'

/** A character that was taken from a line. */
export interface ErasedCharacter {
  /** Its first byte. */
  readonly byte: number
  /** For a tab: columns of the line before it, since the last tab if there is one. */
  readonly columnsBefore: number
  readonly isAfterTab: boolean
}

/** Most bytes of a line, its newline included: what Linux keeps (N_TTY_BUF_SIZE). */
const maximumLineBytes = 4096

/** The line that is being typed, which can still be changed. */
export class TypedLine {
  #bytes: number[] = []

  get length(): number {
    return this.#bytes.length
  }

  /** Adds a byte; where the line is full, in the place of the last. */
  add(byte: number): void {
    if (this.#bytes.length === maximumLineBytes) this.#bytes.pop()
    this.#bytes.push(byte)
  }

  bytes(): readonly number[] {
    return this.#bytes
  }

  /** Takes the whole line. */
  take(): Uint8Array {
    const bytes = Uint8Array.from(this.#bytes)
    this.#bytes = []
    return bytes
  }

  /** Takes the last character, or `undefined` where there is none, or no more than a part of one. */
  erase(settings: TerminalSettings): ErasedCharacter | undefined {
    const first = this.#lastCharacterAt(settings)
    const byte = this.#bytes[first]
    if (byte === undefined || (settings.IUTF8 && isContinuation(byte))) return undefined
    this.#bytes.length = first
    return { byte, ...this.#columnsBeforeEnd(settings) }
  }

  /** Whether the last character is one of a word; `undefined` where there is none. */
  endsInWord(settings: TerminalSettings): boolean | undefined {
    const byte = this.#bytes[this.#lastCharacterAt(settings)]
    return byte === undefined ? undefined : isWordCharacter(byte)
  }

  /** Where the last character begins: with IUTF8 it may have several bytes. */
  #lastCharacterAt({ IUTF8 }: TerminalSettings): number {
    let first = this.#bytes.length - 1
    while (IUTF8 && first > 0 && isContinuation(this.#bytes[first] ?? 0)) first -= 1
    return first
  }

  #columnsBeforeEnd({ ECHOCTL, IUTF8 }: TerminalSettings): Omit<ErasedCharacter, 'byte'> {
    const tabAt = this.#bytes.lastIndexOf(tab)
    const columns = this.#bytes.slice(tabAt + 1).map((byte) => {
      if (isControl(byte)) return ECHOCTL ? 2 : 0
      return IUTF8 && isContinuation(byte) ? 0 : 1
    })
    const columnsBefore = columns.reduce<number>((sum, width) => sum + width, 0)
    return { columnsBefore, isAfterTab: tabAt !== -1 }
  }
}
