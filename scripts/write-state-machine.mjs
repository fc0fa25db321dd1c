/**
 * Writes docs/state-machine.md from the machines in packages/core/src.
 * The page is made by the test that also fails when it is out of date, so both use one transform of TypeScript.
 */
import { spawnSync } from 'node:child_process'

const test = 'packages/core/test/state-machine-page.test.ts'
const { status } = spawnSync('npx', ['--no-install', 'jest', test], {
  stdio: 'inherit',
  env: { ...process.env, UPDATE_DOCS: '1' },
})
process.exitCode = status ?? 1
