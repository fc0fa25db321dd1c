import type { WorkloadRuns } from '../run/run-workload'
import { runsOf } from './bench-results'
import { figureRows } from './figure-rows'
import { shownCell } from './figure-table'

/** The three figures that the README shows. */
const shownFigures = [
  { name: 'download', key: 'own', title: 'download 1 GiB: CPU s of the server' },
  { name: 'exec', key: 'p50', title: '`exec true` on an open connection: ms, p50' },
  { name: 'idle-memory', key: 'own500', title: 'one of 500 idle sessions: KiB of the server' },
] as const

const columns = [
  { id: 'sshd', name: '`sshd`' },
  { id: 'hawse', name: 'Hawse' },
  { id: 'by-hand', name: 'by hand on ssh2' },
] as const

const marks = {
  start: '<!-- written by npx pnpm bench --write -->',
  end: '<!-- end of what it wrote -->',
}

/** The README with the rows of a run between its marks; throws where it has none. */
export function withSpeedRows(readme: string, workloads: readonly WorkloadRuns[]): string {
  const start = readme.indexOf(marks.start)
  const end = readme.indexOf(marks.end)
  if (start === -1 || end < start) throw new Error(`README.md has no marks: ${marks.start}`)
  const head = readme.slice(0, start + marks.start.length)
  return `${head}\n\n${speedTable(workloads)}\n\n${readme.slice(end)}`
}

function speedTable(workloads: readonly WorkloadRuns[]): string {
  const rows = shownFigures.map(({ name, key, title }) => {
    const runs = runsOf(workloads, name)
    const row = runs && figureRows(runs).find(({ figure }) => figure.key === key)
    const cellOf = (id: string): string =>
      shownCell(row?.cells.find(({ server }) => server.id === id))
    return [title, ...columns.map(({ id }) => cellOf(id))]
  })
  return alignedTable([['median (ratio to `sshd`)', ...columns.map(({ name }) => name)], ...rows])
}

/** A table as Prettier lays it out; the first row is its head. */
function alignedTable(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(3, ...rows.map((row) => row[column]?.length ?? 0)),
  )
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`
  const [head = '', ...body] = rows.map((row) =>
    line(widths.map((width, column) => (row[column] ?? '').padEnd(width))),
  )
  return [head, line(widths.map((width) => '-'.repeat(width))), ...body].join('\n')
}
