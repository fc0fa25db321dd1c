import { printable } from '@hawse/example-kit'
import type { Colors } from 'picocolors/types'
import { exitCodeOf, outcomeWords, type Report } from './report'

/** The table at the end: a row for each host. */
export function summaryTable(reports: readonly Report[], colors: Colors): string {
  const rows = reports.map((report) => [
    report.target.label,
    outcomeWords(report),
    report.outcome.kind === 'exited' ? String(report.outcome.code) : '-',
    inSeconds(report.durationMs),
    String(report.outputBytes),
  ])
  const [head = '', ...lines] = aligned([['HOST', 'OUTCOME', 'CODE', 'TIME', 'BYTES'], ...rows])
  const painted = lines.map((line, index) => {
    const report = reports[index]
    return report === undefined || exitCodeOf(report) === 0 ? line : colors.red(line)
  })
  return [colors.bold(head), ...painted].map((line) => `${line}\n`).join('')
}

/** A time for people. */
export function inSeconds(milliseconds: number): string {
  return `${(milliseconds / 1_000).toFixed(1)} s`
}

/** Columns as wide as their widest cell; numbers to the right, and nothing in them that steers a terminal. */
function aligned(rows: readonly (readonly string[])[]): readonly string[] {
  const cells = rows.map((row) => row.map(printable))
  const widths = (cells[0] ?? []).map((_, column) =>
    Math.max(...cells.map((row) => row[column]?.length ?? 0)),
  )
  return cells.map((row) =>
    row
      .map((cell, column) => {
        const width = widths[column] ?? 0
        return column < 2 ? cell.padEnd(width) : cell.padStart(width)
      })
      .join('  ')
      .trimEnd(),
  )
}
