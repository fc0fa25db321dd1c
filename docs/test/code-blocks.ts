import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** The root folder of the repository. */
export const rootFolder = join(__dirname, '../..')

/** A block of code of a page. */
export interface CodeBlock {
  /** Path of the page, from the root. */
  readonly page: string
  /** Number of the line where its fence opens, the first being 1. */
  readonly line: number
  readonly language: string
  readonly code: string
  /** The comment right above it, such as `frame: handlers` or `run by bench/test/x.test.ts`; empty without one. */
  readonly comment: string
  /** The block of text right below it: what it prints. */
  readonly printed: string | undefined
}

/** Every block of every page that people read, but for the records of decisions, which are of their day. */
export function codeBlocks(): readonly CodeBlock[] {
  return pages().flatMap((page) => blocksOf(page, readFileSync(join(rootFolder, page), 'utf8')))
}

function pages(): readonly string[] {
  const inRoot = readdirSync(rootFolder).filter(isPage)
  const inDocs = readdirSync(join(rootFolder, 'docs')).filter(isPage)
  const readmes = ['packages', 'examples'].flatMap((group) =>
    readdirSync(join(rootFolder, group)).map((name) => `${group}/${name}/README.md`),
  )
  const all = [...inRoot, ...inDocs.map((name) => `docs/${name}`), ...readmes]
  return all.filter((page) => existsSync(join(rootFolder, page)))
}

function isPage(name: string): boolean {
  return name.endsWith('.md')
}

const block =
  /(?:<!-- ([^>]*) -->\s*)?^```(\w*)\n([\s\S]*?)^```\n(?:\n```text\n([\s\S]*?)^```\n)?/gm

function blocksOf(page: string, text: string): readonly CodeBlock[] {
  return [...text.matchAll(block)].map(
    ({ index, 0: whole, 1: comment = '', 2: language = '', 3: code = '', 4: printed }) => {
      const line = text.slice(0, index + whole.indexOf('```')).split('\n').length
      return { page, line, language, code, comment: comment.trim(), printed }
    },
  )
}
