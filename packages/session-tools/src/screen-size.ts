import type { TerminalSize } from '@hawse/core'

/** Size of a screen in character cells. */
export type ScreenSize = Pick<TerminalSize, 'columns' | 'rows'>

/** The size that terminals have which are told none. */
export const usualScreenSize: ScreenSize = { columns: 80, rows: 24 }

const maximumDimension = 65_535

/** The size after another was told: 0 keeps what was, and the kernel keeps 16 bits (RFC 4254 section 6.7). */
export function mergedScreenSize(
  before: ScreenSize = usualScreenSize,
  after: ScreenSize,
): ScreenSize {
  const merge = (old: number, next: number): number =>
    next >= 1 ? Math.min(Math.floor(next), maximumDimension) : old
  return { columns: merge(before.columns, after.columns), rows: merge(before.rows, after.rows) }
}
