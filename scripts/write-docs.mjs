/**
 * Writes the pages that are made from the code: docs/state-machine.md from the machines, docs/errors.md from the
 * table of error codes. Each is made by the test that also fails when it is out of date.
 */
import { spawnSync } from 'node:child_process'

const tests = [
  'packages/core/test/state-machine-page.test.ts',
  'packages/core/test/errors-doc.test.ts',
]
const { status } = spawnSync('npx', ['--no-install', 'jest', ...tests], {
  stdio: 'inherit',
  env: { ...process.env, UPDATE_DOCS: '1' },
})
process.exitCode = status ?? 1
