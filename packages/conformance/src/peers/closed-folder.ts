import { statSync } from 'node:fs'
import { dirname } from 'node:path'

/** Why a program cannot be run by another account, for it is in a folder of root's own; `undefined` where it can. */
export function closedFolderReason(program: string): string | undefined {
  if (process.getuid?.() !== 0) return undefined
  const closed = foldersAbove(program).find((folder) => (statSync(folder).mode & 0o001) === 0)
  if (closed === undefined) return undefined
  return `other accounts cannot enter ${closed}: clone to a folder that everybody may enter`
}

function foldersAbove(path: string): readonly string[] {
  const folder = dirname(path)
  return folder === path ? [] : [folder, ...foldersAbove(folder)]
}
