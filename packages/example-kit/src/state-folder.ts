import { randomUUID } from 'node:crypto'
import { linkSync, mkdirSync, renameSync, statSync, unlinkSync, writeFileSync } from 'node:fs'
import { isAbsolute, join } from 'node:path'
import { reasonOf, StartError } from './start-error'

/** Where a program keeps its keys: a folder of this name in XDG_STATE_HOME, or in `~/.local/state` without it. */
export function stateFolderPath(
  xdgStateHome: string | undefined,
  home: string,
  name = 'hawse',
): string {
  const base = xdgStateHome !== undefined && isAbsolute(xdgStateHome) ? xdgStateHome : undefined
  const folder = join(base ?? join(home, '.local', 'state'), name)
  // ssh expands ${NAME} in the files it is told of, and knows no way to quote it.
  if (!/\$\{|[\r\n]/.test(folder)) return folder
  throw new StartError(
    `the state folder ${JSON.stringify(folder)} has a name that ssh cannot be given; set XDG_STATE_HOME to another`,
  )
}

/** Makes the state folder with mode 0700, or checks that it is the account's alone. Throws a `StartError`. */
export function openStateFolder(folder: string, uid: number): void {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
  } catch (thrown) {
    throw new StartError(`the state folder ${folder} cannot be made: ${reasonOf(thrown)}`)
  }
  const stats = statSync(folder)
  if (stats.uid === uid && (stats.mode & 0o077) === 0) return
  throw new StartError(
    `the state folder ${folder} is open to others; to mend that: chown ${uid} ${folder} && chmod 700 ${folder}`,
  )
}

/** Writes a file with mode 0600 unless it exists. Complete from the first moment, also beside a second server. */
export function createPrivateFile(file: string, makeText: () => string): void {
  if (statSync(file, { throwIfNoEntry: false }) !== undefined) return
  const draft = writeDraft(file, makeText())
  try {
    linkSync(draft, file)
  } catch (thrown) {
    if (!isAlreadyThere(thrown)) throw thrown
  } finally {
    unlinkSync(draft)
  }
}

/** Writes a file with mode 0600 in one step over what is there. */
export function replacePrivateFile(file: string, text: string): void {
  renameSync(writeDraft(file, text), file)
}

function writeDraft(file: string, text: string): string {
  const draft = `${file}.${randomUUID()}`
  writeFileSync(draft, text, { mode: 0o600, flag: 'wx' })
  return draft
}

function isAlreadyThere(thrown: unknown): boolean {
  return (
    typeof thrown === 'object' && thrown !== null && 'code' in thrown && thrown.code === 'EEXIST'
  )
}
