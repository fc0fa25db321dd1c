import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A folder that lives as long as a test. */
export interface TemporaryFolder {
  readonly path: string
  /** The path of a file in the folder; the file need not exist. */
  readonly file: (name: string) => string
  /** Removes the folder and everything in it. */
  readonly remove: () => Promise<void>
}

/** Makes an empty folder that only the current user can enter. */
export async function makeTemporaryFolder(): Promise<TemporaryFolder> {
  const path = await mkdtemp(join(tmpdir(), 'hawse-'))
  return {
    path,
    file: (name) => join(path, name),
    remove: () => rm(path, { recursive: true, force: true }),
  }
}
