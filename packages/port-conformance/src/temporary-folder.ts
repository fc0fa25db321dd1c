import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A folder that lives as long as a test. */
export interface TemporaryFolder {
  readonly path: string
  /** The path of a file in the folder; the file need not exist. */
  readonly file: (name: string) => string
  /** A shell command that ends once the file is there, or the folder is not: no test leaves a program that waits. */
  readonly waitFor: (name: string) => string
  /** Removes the folder and everything in it. */
  readonly remove: () => Promise<void>
}

/** Lets every account use a folder: programs on another host may be another's. */
export function shareFolder({ path }: TemporaryFolder): Promise<void> {
  return chmod(path, 0o777)
}

/** Makes an empty folder that only the current user can enter. */
export async function makeTemporaryFolder(): Promise<TemporaryFolder> {
  const path = await mkdtemp(join(tmpdir(), 'hawse-'))
  return {
    path,
    file: (name) => join(path, name),
    waitFor: (name) => `until [ -e ${join(path, name)} ] || [ ! -d ${path} ]; do sleep .05; done`,
    remove: () => rm(path, { recursive: true, force: true }),
  }
}
