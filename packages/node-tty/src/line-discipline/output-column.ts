import { isContinuation, isControl, newline, carriageReturn, tab, backspace } from './characters'
import type { TerminalSettings } from './terminal-settings'

/**
 * What is shown, translated as a terminal does it (POSIX `c_oflag`), and the column where it stands: erasing a tab has
 * to know how wide it was.
 */
export class OutputColumn {
  #column = 0
  /** Where the line that is being typed begins. */
  #lineColumn = 0

  /** Appends what one byte of output becomes. */
  put(byte: number, settings: TerminalSettings, shown: number[]): void {
    if (!settings.OPOST) return void shown.push(byte)
    switch (byte) {
      case newline:
        return this.#putNewline(settings, shown)
      case carriageReturn:
        return this.#putReturn(settings, shown)
      case tab:
        this.#column += tabColumns - (this.#column % tabColumns)
        break
      case backspace:
        this.#stepBack()
        break
      default:
        return this.#putCharacter(byte, settings, shown)
    }
    shown.push(byte)
  }

  /** The first character of a line is about to be shown. */
  beginLine(): void {
    this.#lineColumn = this.#column
  }

  /** Goes back over a tab, before which the line has so many columns, or so many since the tab before it. */
  eraseTab(columnsBefore: number, isAfterTab: boolean, shown: number[]): void {
    const columns = columnsBefore + (isAfterTab ? 0 : this.#lineColumn)
    for (let left = tabColumns - (columns % tabColumns); left > 0; left -= 1) {
      shown.push(backspace)
      this.#stepBack()
    }
  }

  #putNewline({ ONLCR, ONLRET }: TerminalSettings, shown: number[]): void {
    if (ONLCR) shown.push(carriageReturn)
    if (ONLCR || ONLRET) this.#column = 0
    this.#lineColumn = this.#column
    shown.push(newline)
  }

  #putReturn({ ONOCR, OCRNL, ONLRET }: TerminalSettings, shown: number[]): void {
    if (ONOCR && this.#column === 0) return
    if (!OCRNL || ONLRET) this.#lineColumn = this.#column = 0
    shown.push(OCRNL ? newline : carriageReturn)
  }

  #putCharacter(byte: number, { OLCUC, IUTF8 }: TerminalSettings, shown: number[]): void {
    if (!isControl(byte) && !(IUTF8 && isContinuation(byte))) this.#column += 1
    const isSmall = byte >= 0x61 && byte <= 0x7a
    shown.push(OLCUC && isSmall ? byte - 0x20 : byte)
  }

  #stepBack(): void {
    if (this.#column > 0) this.#column -= 1
  }
}

const tabColumns = 8
