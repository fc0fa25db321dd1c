import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { codeBlocks, rootFolder } from './code-blocks'

interface Manifest {
  readonly name: string
  readonly scripts: Readonly<Record<string, string>>
  readonly peerDependencies?: Readonly<Record<string, string>>
  readonly peerDependenciesMeta?: Readonly<Record<string, { readonly optional: boolean }>>
}

/** Each command line of the pages, without its prompt, its comment and what it prints. */
const commands = codeBlocks()
  .filter(({ language }) => ['sh', 'console'].includes(language))
  .flatMap(({ page, language, code }) =>
    code
      .split('\n')
      .filter((line) => language === 'sh' || line.startsWith('$ '))
      .map((line) => ({ page, line: line.replace(/^\$ /, '').replace(/\s+#.*$/, '') })),
  )
const installs = commands.filter(({ line }) => line.startsWith('npm install '))
const pnpmRuns = commands.filter(({ line }) => line.startsWith('npx pnpm '))

describe('the commands of the pages', () => {
  it.each(installs)('$page installs the package with its peers: $line', ({ page, line }) => {
    const { name, peerDependencies, peerDependenciesMeta } = manifestOf(page.split('/').slice(0, 2))
    const peers = Object.keys(peerDependencies ?? {}).filter(
      (peer) => peerDependenciesMeta?.[peer]?.optional !== true,
    )
    const installed = line.split(' ').slice(2)
    expect(installed).toEqual(expect.arrayContaining([name, ...peers]))
  })

  it.each(pnpmRuns)('$page names a script that there is: $line', ({ line }) => {
    const words = line.split(' ').slice(2)
    const filter = words[0] === '--filter' ? (words.splice(0, 2)[1] ?? '') : undefined
    const folder = filter === undefined ? [] : ['examples', filter.replace('@hawse/example-', '')]
    const [script = ''] = words[0] === 'run' ? words.slice(1) : words
    expect(Object.keys(manifestOf(folder).scripts)).toContain(script)
  })

  it('are there', () => {
    expect(installs.length).toBeGreaterThan(5)
    expect(pnpmRuns.length).toBeGreaterThan(4)
  })
})

function manifestOf(folder: readonly string[]): Manifest {
  return JSON.parse(readFileSync(join(rootFolder, ...folder, 'package.json'), 'utf8')) as Manifest
}
