import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { phases } from './session/sample-states'
import { stateMachinePage } from './state-machine-page'

const page = join(__dirname, '../../../docs/state-machine.md')

describe('docs/state-machine.md', () => {
  it('shows the machines as they are; `pnpm run docs:write` renews it', async () => {
    const current = stateMachinePage()
    if (process.env['UPDATE_DOCS'] === '1') await writeFile(page, current)
    expect(await readFile(page, 'utf8')).toBe(current)
  })

  it('has every phase of the session', () => {
    const text = stateMachinePage()
    for (const phase of phases) expect(text).toContain(`### ${phase}\n`)
  })
})
