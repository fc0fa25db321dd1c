/** Dimensions of a terminal (RFC 4254 section 6.2). Zero means "not given". */
export interface TerminalSize {
  /** Width in character cells. */
  readonly columns: number
  /** Height in character cells. */
  readonly rows: number
  /** Width in pixels. */
  readonly widthPixels: number
  /** Height in pixels. */
  readonly heightPixels: number
}

/**
 * Terminal modes by opcode (RFC 4254 section 8), in the order sent.
 * Values are uint32: a control character, 0 or 1, or a speed in bits per second.
 */
export type TerminalModes = ReadonlyMap<number, number>

/** The terminal a client asked for with `pty-req` (RFC 4254 section 6.2). */
export interface TerminalRequest {
  /** Value for the TERM environment variable, for example `xterm-256color`. */
  readonly term: string
  readonly size: TerminalSize
  readonly modes: TerminalModes
}
