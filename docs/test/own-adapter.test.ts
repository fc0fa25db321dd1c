import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { transformSync } from '@swc/core'
import { afterAll } from '@jest/globals'
import { codeBlocks } from './code-blocks'

/**
 * The adapter of docs/write-an-adapter.md passes the suite, described by the very test that the page shows.
 *
 * Jest loads CommonJS, so that is what becomes of the blocks.
 */
const folder = mkdtempSync(join(__dirname, '../.pages-'))
afterAll(() => rmSync(folder, { recursive: true }))

const [adapter, suite] = codeBlocks()
  .filter(({ page, language }) => page === 'docs/write-an-adapter.md' && language === 'js')
  .map(({ code }) => transformSync(code, { module: { type: 'commonjs' } }).code)
if (adapter === undefined || suite === undefined) throw new Error('the page has lost its blocks')
writeFileSync(join(folder, 'spawned-process.cjs'), adapter)
writeFileSync(join(folder, 'suite.cjs'), suite.replace('.mjs', '.cjs'))
createRequire(__filename)(join(folder, 'suite.cjs'))
