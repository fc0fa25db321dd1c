import { childProcess } from '@hawse/adapter-node-child'
import { run } from '@hawse/core'
import { randomUUID } from 'node:crypto'
import { mkdir, realpath, rename, rm, stat } from 'node:fs/promises'
import { join, sep } from 'node:path'
import { gitEnvironment } from './git-environment'
import { ownerOf } from './repository-name'

/** The folder that repositories are in, as `owner/name.git`. */
export interface Repositories {
  /** The real path of one; `undefined` where there is none, or what is there lies elsewhere. */
  find(repository: string): Promise<string | undefined>
  /** The real path of one that is there or is made now: empty, bare, and with all its files from the first moment. */
  findOrCreate(repository: string): Promise<string | undefined>
}

/** The repositories in a folder, which is given by its real path. */
export function repositoriesIn(folder: string): Repositories {
  /** Links may be in the folder, to what is in the folder. */
  const find = async (path: string): Promise<string | undefined> => {
    const real = await realPathOf(join(folder, path))
    if (real === undefined || !real.startsWith(folder + sep)) return undefined
    return (await stat(real)).isDirectory() ? real : undefined
  }
  const create = async (repository: string): Promise<void> => {
    const owner = ownerOf(repository)
    await mkdir(join(folder, owner)).catch(ignore('EEXIST'))
    const ownerFolder = await find(owner)
    // A name that no client can give: what is being made is nobody's yet.
    const draft = join(folder, `.new-${randomUUID()}`)
    if (ownerFolder === undefined) return
    try {
      await run(
        childProcess(['git', 'init', '--quiet', '--bare', '--initial-branch=main', draft], {
          env: gitEnvironment(folder),
        }),
        { command: 'git init', timeoutMs: 60_000 },
      )
      await rename(draft, join(ownerFolder, repository.slice(owner.length + 1)))
    } catch (error) {
      // Another push was faster; or a file or link has the name, and is found, or not, as it is.
      ignore('ENOTEMPTY', 'EEXIST', 'ENOTDIR')(error)
    } finally {
      await rm(draft, { recursive: true, force: true })
    }
  }
  return {
    find,
    findOrCreate: async (repository) => {
      const found = await find(repository)
      if (found !== undefined) return found
      await create(repository)
      return find(repository)
    },
  }
}

/** The path without links in it; `undefined` where there is nothing. */
function realPathOf(path: string): Promise<string | undefined> {
  return realpath(path).catch((error: unknown) => {
    ignore('ENOENT', 'ENOTDIR', 'ELOOP')(error)
    return undefined
  })
}

function ignore(...codes: readonly string[]): (error: unknown) => void {
  return (error) => {
    const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : ''
    if (!codes.includes(String(code))) throw error
  }
}
