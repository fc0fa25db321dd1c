import type { TerminalSize } from '@hawse/core'

/** A size that a terminal can take: columns and rows 1 to 65535, pixels 0 (unknown) to 65535. */
export type TerminalDimensions = TerminalSize

/** Size of a terminal nobody gave a size: that of a VT100. */
export const defaultDimensions: TerminalDimensions = {
  columns: 80,
  rows: 24,
  widthPixels: 0,
  heightPixels: 0,
}

/** The dimensions after a change: 0 keeps the old value, anything larger than 65535 becomes 65535. */
export function changedDimensions(
  old: TerminalDimensions,
  wanted: TerminalSize,
): TerminalDimensions {
  return {
    columns: changed(old.columns, wanted.columns),
    rows: changed(old.rows, wanted.rows),
    widthPixels: changed(old.widthPixels, wanted.widthPixels),
    heightPixels: changed(old.heightPixels, wanted.heightPixels),
  }
}

/** The kernel keeps each of the four as an unsigned 16-bit number. */
function changed(old: number, wanted: number): number {
  return wanted >= 1 ? Math.min(Math.floor(wanted), 65_535) : old
}
