import {
  closeSync,
  fstatSync,
  openSync,
  readFileSync,
  realpathSync,
  statSync,
  type Stats,
} from 'node:fs'
import { dirname } from 'node:path'
import { reasonOf, StartError } from './start-error'

/** Who may own a file that decides about access. */
export interface Owner {
  readonly uid: number
  readonly home: string
}

/**
 * Reads a file that nobody but its owner and root can have written, as sshd's StrictModes asks (sshd_config(5)):
 * neither the file nor a folder above it, up to the home folder, is writable by others. Throws a `StartError`.
 */
export function readTrustedFile(file: string, owner: Owner): string {
  const { text, stats, realPath } = readOpened(file)
  assertOwner(file, stats, owner.uid)
  if ((stats.mode & 0o022) !== 0) throw refusal(file, 'is writable by others', `chmod go-w ${file}`)
  for (const folder of foldersAbove(realPath, owner.home))
    assertTrustedFolder(file, folder, owner.uid)
  return text
}

/** Reads a private key that nobody but its owner can read, as ssh and sshd ask. Throws a `StartError`. */
export function readPrivateFile(file: string, owner: Owner): string {
  const { text, stats } = readOpened(file)
  assertOwner(file, stats, owner.uid)
  if ((stats.mode & 0o077) !== 0) throw refusal(file, 'is open to others', `chmod 600 ${file}`)
  return text
}

/** The facts are of the very file that is read: it is opened once. */
function readOpened(file: string): { text: string; stats: Stats; realPath: string } {
  let descriptor: number | undefined
  try {
    const realPath = realpathSync(file)
    descriptor = openSync(realPath, 'r')
    return { text: readFileSync(descriptor, 'utf8'), stats: fstatSync(descriptor), realPath }
  } catch (thrown) {
    throw new StartError(`${file} cannot be read: ${reasonOf(thrown)}`)
  } finally {
    if (descriptor !== undefined) closeSync(descriptor)
  }
}

function assertOwner(file: string, stats: Stats, uid: number): void {
  if (stats.uid === 0 || stats.uid === uid) return
  throw refusal(file, `belongs to uid ${stats.uid}`, `chown ${uid} ${file}`)
}

/** In a folder with the sticky bit, such as /tmp, nobody can replace another's file. */
function assertTrustedFolder(file: string, folder: string, uid: number): void {
  const stats = statSync(folder)
  const isOpen = (stats.mode & 0o022) !== 0 && (stats.mode & 0o1000) === 0
  if (isOpen)
    throw refusal(file, `lies in ${folder}, which others can write to`, `chmod go-w ${folder}`)
  if (stats.uid === 0 || stats.uid === uid) return
  throw refusal(file, `lies in ${folder}, which belongs to uid ${stats.uid}`, 'move the file')
}

function foldersAbove(realPath: string, home: string): readonly string[] {
  const folder = dirname(realPath)
  const isLast = folder === home || folder === dirname(folder)
  return isLast ? [folder] : [folder, ...foldersAbove(folder, home)]
}

function refusal(file: string, problem: string, fix: string): StartError {
  return new StartError(`${file} is not used because it ${problem}; to mend that: ${fix}`)
}
