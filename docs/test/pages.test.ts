import { execFile, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync } from 'node:fs'
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { transform } from '@swc/core'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { blockProgram, supportFiles, type BlockProgram, type SupportFile } from './block-program'
import { codeBlocks, rootFolder } from './code-blocks'

const execute = promisify(execFile)
const runBy = /^run by (\S+)$/
const blocks = codeBlocks().filter(({ language }) => ['js', 'ts', 'json'].includes(language))
const elsewhere = blocks.filter(({ comment }) => runBy.test(comment))
const here = blocks.filter((block) => !elsewhere.includes(block))
const programs = here.filter(({ language }) => language !== 'json').map(blockProgram)

describe('the code of the pages', () => {
  let folder: string

  // Inside this package, so that the packages resolve by their public names.
  beforeAll(async () => {
    folder = mkdtempSync(join(__dirname, '../.pages-'))
    await Promise.all([...supportFiles().map(writeSupport), ...programs.map(writeProgram)])
  })
  afterAll(() => rm(folder, { recursive: true }))

  async function writeProgram({ block, name, code }: BlockProgram): Promise<void> {
    await mkdir(join(folder, name))
    await writeScript(join(folder, name, 'program'), code, block.language === 'ts')
  }

  function writeSupport({ name, code }: SupportFile): Promise<void> {
    return writeScript(join(folder, name), code, true)
  }

  it('compiles where it is TypeScript', async () => {
    const config = { extends: '../tsconfig.json', include: ['**/*.mts'] }
    await writeFile(join(folder, 'tsconfig.json'), JSON.stringify(config))
    const compiler = require.resolve('typescript/bin/tsc')
    const compiled = spawnSync(process.execPath, [compiler, '--project', folder])
    expect(compiled.stdout.toString()).toBe('')
    expect(compiled.status).toBe(0)
  })

  it.each(programs.map((program) => [nameOf(program), program] as const))(
    '%s does what it says',
    async (_, { name, printed }) => {
      const options = { cwd: join(folder, name), timeout: 120_000 }
      const { stdout } = await execute(process.execPath, ['program.mjs'], options)
      expect(stdout).toBe(printed)
    },
  )

  it('has no JSON that no test reads', () => {
    const unread = here.filter(({ language }) => language === 'json')
    expect(unread.map(({ page, line }) => `${page} line ${line}`)).toEqual([])
  })

  it.each(elsewhere)('$page line $line is run by the test that it names', ({ page, comment }) => {
    const [, test = ''] = runBy.exec(comment) ?? []
    const file = join(rootFolder, test)
    expect({ test, isThere: existsSync(file) }).toEqual({ test, isThere: true })
    expect(readFileSync(file, 'utf8')).toContain(page.split('/').at(-1))
  })
})

function nameOf({ block }: BlockProgram): string {
  return `${block.page} line ${block.line}`
}

/** As TypeScript to compile, and as the JavaScript that runs. */
async function writeScript(path: string, code: string, isTyped: boolean): Promise<void> {
  if (isTyped) await writeFile(`${path}.mts`, code)
  const parser = { syntax: 'typescript' } as const
  const script = await transform(code, { jsc: { target: 'es2022', parser } })
  await writeFile(`${path}.mjs`, script.code)
}
