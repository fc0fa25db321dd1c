import { execFileSync } from 'node:child_process'
import { closeSync, existsSync, mkdtempSync, openSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { describe, expect, it } from '@jest/globals'

const itOnLinux = existsSync('/proc/self/fdinfo') ? it : it.skip

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

  itOnLinux('hands on no descriptor that it was itself started with', () => {
    const shown = "e.type === 'process.output' && process.stdout.write(e.bytes)"
    const listed = ['sh', '-c', 'readlink /proc/self/fd/* || :']
    const socket = openSync('/dev/full', 'r')
    expect(runNode(listed, shown, process.env, socket)).not.toContain('/dev/full')
    closeSync(socket)
  })
})

/**
 * What a Node process prints that starts a program and does something with each fact `e`.
 *
 * `inherited` becomes its descriptor 100: Node itself closes those next to the standard streams, and no others.
 */
function runNode(
  argv: readonly string[],
  onEvent: string,
  env = process.env,
  inherited: number | 'ignore' = 'ignore',
): string {
  const source = `
    const { childProcess } = require(${JSON.stringify(require.resolve('../dist/index.cjs'))})
    const port = childProcess(${JSON.stringify(argv)})
    port.event$.subscribe((e) => ${onEvent})
    port.perform({ type: 'process.start' })
  `
  const stdio = [
    'ignore',
    'pipe',
    'inherit',
    ...Array<'ignore'>(97).fill('ignore'),
    inherited,
  ] as const
  return execFileSync(process.execPath, ['-e', source], {
    env,
    stdio: [...stdio],
    timeout: 60_000,
  }).toString()
}
