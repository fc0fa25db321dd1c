import { backspace, carriageReturn, isControl, newline, space, tab } from './characters'
import { OutputColumn } from './output-column'
import type { TerminalSettings } from './terminal-settings'
import { TypedLine, type ErasedCharacter } from './typed-line'

/** What follows from bytes that were typed, in order. */
export type DisciplineStep =
  /** Bytes for the program: a line with its end, or what was typed, where lines are not edited. */
  | { readonly type: 'input'; readonly bytes: Uint8Array }
  /** Bytes to show: already translated. */
  | { readonly type: 'echo'; readonly bytes: Uint8Array }
  /** The end of input (VEOF on an empty line). */
  | { readonly type: 'end' }
  /** What the program has not read is dropped. */
  | { readonly type: 'flush' }
  /** A signal for the program, without `SIG`. */
  | { readonly type: 'signal'; readonly signal: 'INT' | 'QUIT' }

/**
 * The line discipline of a terminal: what a kernel does between the keys and a program (POSIX.1-2017 chapter 11), with
 * the behaviour of Linux where POSIX leaves it open. No input or output of its own.
 */
export class LineDiscipline {
  #settings: TerminalSettings
  readonly #column = new OutputColumn()
  readonly #line = new TypedLine()
  /** The next character is taken as it is (VLNEXT). */
  #isLiteral = false
  #steps: DisciplineStep[] = []
  #shown: number[] = []
  #typed: number[] = []

  constructor(settings: TerminalSettings) {
    this.#settings = settings
  }

  /** Bytes of a line that is not complete: the program has not been given them. */
  get lineBytes(): number {
    return this.#line.length
  }

  /** Other settings from now on. Where lines are no longer edited, the one that was begun is given as it is. */
  set(settings: TerminalSettings): readonly DisciplineStep[] {
    const isReleased = this.#settings.ICANON && !settings.ICANON && this.#line.length > 0
    this.#settings = settings
    if (isReleased) this.#give()
    return this.#takeSteps()
  }

  /** Bytes that were typed. */
  receive(bytes: Uint8Array): readonly DisciplineStep[] {
    for (const byte of bytes) this.#receiveByte(byte)
    return this.#takeSteps()
  }

  /** What output of the program becomes on the terminal. */
  translate(bytes: Uint8Array): Uint8Array {
    if (!this.#settings.OPOST) return bytes
    const shown: number[] = []
    for (const byte of bytes) this.#column.put(byte, this.#settings, shown)
    return Uint8Array.from(shown)
  }

  #receiveByte(received: number): void {
    const { ISTRIP, IUCLC, IEXTEN, ISIG, IGNCR, ICRNL, INLCR } = this.#settings
    let byte = ISTRIP ? received & 0x7f : received
    if (IUCLC && IEXTEN && byte >= 0x41 && byte <= 0x5a) byte += 0x20
    if (this.#isLiteral) {
      this.#isLiteral = false
      return this.#type(byte)
    }
    if (ISIG && this.#receiveSignal(byte)) return
    if (byte === carriageReturn && IGNCR) return
    if (byte === carriageReturn && ICRNL) byte = newline
    else if (byte === newline && INLCR) byte = carriageReturn
    if (this.#settings.ICANON && this.#edit(byte)) return
    // Linux shows a newline that was typed as one, but one that was made of a return by going to the next line.
    if (byte === newline && byte !== received) this.#typeReturn()
    else this.#type(byte)
  }

  #receiveSignal(byte: number): boolean {
    const { VINTR, VQUIT, VSUSP, NOFLSH, ECHO } = this.#settings
    if (byte === unused || ![VINTR, VQUIT, VSUSP].includes(byte)) return false
    // Nothing stops a function, so VSUSP does no more than show itself and drop the line.
    if (!NOFLSH) this.#flush()
    if (ECHO) this.#echo(byte)
    if (byte === VINTR) this.#step({ type: 'signal', signal: 'INT' })
    else if (byte === VQUIT) this.#step({ type: 'signal', signal: 'QUIT' })
    return true
  }

  /** Does what a key does to the line; gives whether it is such a key. */
  #edit(byte: number): boolean {
    const { VERASE, VKILL, VWERASE, VLNEXT, VREPRINT, VEOF, IEXTEN, ECHO, ECHONL } = this.#settings
    if (byte === newline) {
      if (ECHO || ECHONL) this.#show(newline)
      return this.#endLine(newline)
    }
    if (byte === unused) return false
    if (byte === VERASE) this.#eraseCharacter()
    else if (byte === VKILL) this.#eraseLine()
    else if (byte === VWERASE && IEXTEN) this.#eraseWord()
    else if (byte === VLNEXT && IEXTEN) this.#beginLiteral()
    else if (byte === VREPRINT && ECHO && IEXTEN) this.#reprint()
    else if (byte === VEOF) this.#endInput()
    else return this.#isEndOfLine(byte) && this.#endEchoed(byte)
    return true
  }

  #isEndOfLine(byte: number): boolean {
    const { VEOL, VEOL2, IEXTEN } = this.#settings
    return byte === VEOL || (byte === VEOL2 && IEXTEN)
  }

  #endEchoed(byte: number): true {
    if (this.#settings.ECHO) this.#echoTyped(byte)
    return this.#endLine(byte)
  }

  #endLine(byte: number): true {
    this.#line.add(byte)
    this.#give()
    return true
  }

  #type(byte: number): void {
    if (this.#settings.ECHO) this.#echoTyped(byte)
    if (this.#settings.ICANON) this.#line.add(byte)
    else this.#typed.push(byte)
  }

  #typeReturn(): void {
    if (this.#settings.ECHO) this.#show(newline)
    this.#typed.push(newline)
  }

  #endInput(): void {
    if (this.#line.length > 0) this.#give()
    else this.#step({ type: 'end' })
  }

  #beginLiteral(): void {
    const { ECHO, ECHOCTL } = this.#settings
    this.#isLiteral = true
    if (ECHO && ECHOCTL) for (const byte of [caret, backspace]) this.#show(byte)
  }

  #reprint(): void {
    this.#echo(this.#settings.VREPRINT)
    this.#show(newline)
    for (const byte of this.#line.bytes()) this.#echo(byte)
  }

  #eraseCharacter(): void {
    const { ECHO, ECHOE, VERASE } = this.#settings
    const erased = this.#line.erase(this.#settings)
    if (erased === undefined || !ECHO) return
    if (ECHOE) this.#unshow(erased)
    else this.#echo(VERASE)
  }

  #eraseWord(): void {
    let isInWord = false
    for (;;) {
      const isWord = this.#line.endsInWord(this.#settings)
      if (isWord === undefined || (isInWord && !isWord)) return
      isInWord ||= isWord
      const erased = this.#line.erase(this.#settings)
      if (erased === undefined) return
      if (this.#settings.ECHO) this.#unshow(erased)
    }
  }

  #eraseLine(): void {
    if (this.#line.length === 0) return
    const { ECHO, ECHOK, ECHOKE, ECHOE, VKILL } = this.#settings
    if (ECHO && ECHOK && ECHOKE && ECHOE) {
      for (let erased; (erased = this.#line.erase(this.#settings)) !== undefined;)
        this.#unshow(erased)
      return
    }
    this.#line.take()
    if (!ECHO) return
    this.#echo(VKILL)
    if (ECHOK) this.#show(newline)
  }

  #unshow({ byte, columnsBefore, isAfterTab }: ErasedCharacter): void {
    if (byte === tab) return this.#column.eraseTab(columnsBefore, isAfterTab, this.#shown)
    const { ECHOCTL } = this.#settings
    const columns = isControl(byte) ? (ECHOCTL ? 2 : 0) : 1
    for (let left = columns; left > 0; left -= 1)
      for (const shown of [backspace, space, backspace]) this.#show(shown)
  }

  #echoTyped(byte: number): void {
    if (this.#line.length === 0) this.#column.beginLine()
    this.#echo(byte)
  }

  /** Shows a character; a control character as `^C`. */
  #echo(byte: number): void {
    if (!this.#settings.ECHOCTL || !isControl(byte) || byte === tab) return this.#show(byte)
    this.#show(caret)
    this.#show(byte ^ 0x40)
  }

  #show(byte: number): void {
    this.#column.put(byte, this.#settings, this.#shown)
  }

  #flush(): void {
    this.#line.take()
    this.#typed = []
    this.#step({ type: 'flush' })
  }

  #give(): void {
    this.#step({ type: 'input', bytes: this.#line.take() })
  }

  /** What was shown and typed until now comes before it. */
  #step(step: DisciplineStep): void {
    this.#settle()
    this.#steps.push(step)
  }

  #settle(): void {
    if (this.#shown.length > 0)
      this.#steps.push({ type: 'echo', bytes: Uint8Array.from(this.#shown) })
    if (this.#typed.length > 0)
      this.#steps.push({ type: 'input', bytes: Uint8Array.from(this.#typed) })
    this.#shown = []
    this.#typed = []
  }

  #takeSteps(): readonly DisciplineStep[] {
    this.#settle()
    const steps = this.#steps
    this.#steps = []
    return steps
  }
}

const caret = 0x5e
const unused = 255
