import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { describe, expect, it } from '@jest/globals'

/** The package as built, in a Node process of its own: what a test runner hides shows there. */
describe('in a process of its own', () => {
  it('leaves the process free to end once nothing runs', () => {
    const shown = "e.type === 'process.exited' && console.log(e.outcome.code)"
    expect(runNode(['sh', '-c', 'exit 3'], shown)).toBe('3\n')
  })

  it('hands on nothing of the environment, not even what Node always adds', () => {
    const folder = mkdtempSync(join(tmpdir(), 'hawse-coverage-'))
    const shown = "e.type === 'process.output' && process.stdout.write(e.bytes)"
    const env = { ...process.env, NODE_V8_COVERAGE: folder, SECRET: 'of the server' }
    expect(runNode(['env'], shown, env)).toBe('PATH=/usr/local/bin:/usr/bin:/bin\n')
    rmSync(folder, { recursive: true })
  })
})

/** What a Node process prints that starts a program and does something with each fact `e`. */
function runNode(argv: readonly string[], onEvent: string, env = process.env): string {
  const source = `
    const { childProcess } = require(${JSON.stringify(require.resolve('../dist/index.cjs'))})
    const port = childProcess(${JSON.stringify(argv)})
    port.event$.subscribe((e) => ${onEvent})
    port.perform({ type: 'process.start' })
  `
  return execFileSync(process.execPath, ['-e', source], { env, timeout: 20_000 }).toString()
}
