import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { CodeBlock } from './code-blocks'

/** A block made a whole program. */
export interface BlockProgram {
  readonly block: CodeBlock
  /** Name of its file without a suffix, such as `docs-run-5`. */
  readonly name: string
  /** TypeScript, or JavaScript where the block is. */
  readonly code: string
  /** What it must print; a frame that checks by itself prints nothing. */
  readonly printed: string
}

/** A module that frames share; programs find it as `../name.mjs`. */
export interface SupportFile {
  readonly name: string
  readonly code: string
}

const framesFolder = join(__dirname, 'frames')
const placeholder = /^ *\/\/ the block$/m

/**
 * Puts a block into its frame, a file of `frames` with what a reader has beside it: names that are theirs, and a
 * check. A block without a frame is a whole program. Servers listen on 2222 in the pages, and here on any free port.
 */
export function blockProgram(block: CodeBlock): BlockProgram {
  const { page, line, printed = '' } = block
  const code = framed(block).replaceAll('2222', '0')
  return { block, name: `${page.replace(/\W+/g, '-').replace(/-md$/, '')}-${line}`, code, printed }
}

export function supportFiles(): readonly SupportFile[] {
  const folder = join(framesFolder, 'support')
  return readdirSync(folder).map((file) => ({
    name: file.replace(/\.mts$/, ''),
    code: readFileSync(join(folder, file), 'utf8'),
  }))
}

function framed({ comment, code }: CodeBlock): string {
  const [, frame] = /^frame: (\S+)$/.exec(comment) ?? []
  if (frame === undefined) return code
  const text = readFileSync(join(framesFolder, `${frame}.mts`), 'utf8')
  if (!placeholder.test(text)) throw new Error(`the frame ${frame} has no line "// the block"`)
  return text.replace(placeholder, () => code)
}
