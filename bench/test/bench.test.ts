import { expect, it } from '@jest/globals'
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { itWithPeers } from '@hawse/conformance'
import { findInRepository } from '@hawse/conformance/servers'

const run = promisify(execFile)
const program = findInRepository('bench/dist/main.js', 'run "npx pnpm build"')

/** A slow machine may need several times the half minute of a quiet one. */
const boundMs = 300_000

/** Cells of the tables that the bench printed, the heads and the lines under them left out. */
async function benchRows(...args: readonly string[]): Promise<readonly (readonly string[])[]> {
  const { stdout } = await run(process.execPath, [program, ...args])
  const lines = stdout.split('\n').filter((line) => line.startsWith('|'))
  const isRuler = (line: string | undefined): boolean => line?.startsWith('| ---') === true
  return lines
    .filter((line, index) => !isRuler(line) && !isRuler(lines[index + 1]))
    .map((line) => line.split(' | ').map((cell) => cell.replace(/^\| ?| ?\|$/g, '').trim()))
}

function expectNumbers(cells: readonly string[]): void {
  expect(cells.length).toBeGreaterThan(0)
  for (const cell of cells) expect(cell).toMatch(/^-?\d+(\.\d+)?( \(-?\d+(\.\d+)?\))?$/)
}

itWithPeers(
  'measures every workload on sshd and Hawse, and prints a number for each figure',
  ['sshd', 'ssh', 'ssh-keygen', 'perl'],
  async () => {
    const rows = await benchRows(
      ...['--scale', '0.001', '--rounds', '1', '--servers', 'sshd,hawse'],
    )
    const figures = rows.filter((row) => row.length === 4)
    const sessions = rows.filter((row) => row.length === 7)
    expect(figures.map(([title]) => title).filter((title) => title !== '')).toHaveLength(12)
    expect(sessions.map(([count]) => count)).toEqual(['1', '10', '100', '1,000'])
    for (const [, , ...cells] of figures) expectNumbers(cells)
    for (const [, ...cells] of sessions) expectNumbers(cells)
  },
  boundMs,
)

it('measures the machines alone, and prints a number for each of their ways', async () => {
  const rows = await benchRows('machines', '--scale', '0.05')
  expect(rows).toHaveLength(6)
  for (const [, , ...cells] of rows) expectNumbers(cells)
})
