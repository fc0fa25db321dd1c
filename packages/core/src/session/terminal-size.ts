import type { TerminalSize } from '../ports/terminal'

/** Largest dimension a terminal can have: the kernel keeps 16 bits. */
const maximumDimension = 65_535

/** The size after a window-change: 0 and what is no size keep what was, absurd values are clamped (RFC 4254 section 6.7). */
export function mergeTerminalSize(previous: TerminalSize, next: TerminalSize): TerminalSize {
  return {
    columns: merge(previous.columns, next.columns),
    rows: merge(previous.rows, next.rows),
    widthPixels: merge(previous.widthPixels, next.widthPixels),
    heightPixels: merge(previous.heightPixels, next.heightPixels),
  }
}

function merge(previous: number, next: number): number {
  return next >= 1 ? Math.min(Math.floor(next), maximumDimension) : previous
}
