import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync } from 'node:fs'
import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'

const page = ['../../../docs/tools.md', '../README.md']
  .map((path) => readFileSync(join(__dirname, path), 'utf8'))
  .join('\n')

/** Each block of code with the block of text that follows it: what it prints. */
const examples = [
  ...page.matchAll(/```js\n((?:(?!```)[\s\S])*?)```\n\n```text\n([\s\S]*?)```/g),
].map(([, code = '', printed = '']) => ({ name: code.split('\n').at(-2), code, printed }))

describe('the guide to the tools', () => {
  let folder: string

  // Inside the package, so that the packages resolve by their public names.
  beforeAll(() => {
    folder = mkdtempSync(join(__dirname, '.guide-'))
  })
  afterAll(() => rm(folder, { recursive: true }))

  it('has a block that runs for each tool that needs no server', () => {
    expect(examples).toHaveLength(4)
  })

  it.each(examples)('prints what it says: $name', async ({ code, printed }) => {
    const file = join(folder, 'example.mjs')
    await writeFile(file, code)
    const { stdout } = await promisify(execFile)(process.execPath, [file], { cwd: folder })
    expect(stdout).toBe(printed)
  })
})
