import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'

/** Test files by the number of the row that one of their tests names, as `row 6` or `rows 4, 18 and 19`. */
export function rowsInTests(rootFolder: string): ReadonlyMap<number, readonly string[]> {
  const filesByRow = new Map<number, string[]>()
  for (const file of testFiles(rootFolder)) {
    for (const number of rowsNamedIn(readFileSync(file, 'utf8'))) {
      filesByRow.set(number, [...(filesByRow.get(number) ?? []), relative(rootFolder, file)])
    }
  }
  return filesByRow
}

/** Names of tests begin with their rows, and only those count: a comment holds nothing. */
export function rowsNamedIn(source: string): ReadonlySet<number> {
  const lists = [...source.matchAll(/['"`]rows? ((?:\d+(?:, | and )?)+)/g)].map(([, list]) => list)
  return new Set(lists.flatMap((list) => (list ?? '').match(/\d+/g) ?? []).map(Number))
}

function testFiles(rootFolder: string): readonly string[] {
  return ['packages', 'examples']
    .flatMap((group) =>
      readdirSync(join(rootFolder, group)).map((name) => join(rootFolder, group, name, 'test')),
    )
    .flatMap((folder) => {
      try {
        return readdirSync(folder, { recursive: true, withFileTypes: true })
      } catch {
        return []
      }
    })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.test.ts'))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
}
