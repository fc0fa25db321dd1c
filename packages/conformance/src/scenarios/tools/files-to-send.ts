import { createHash, randomBytes } from 'node:crypto'
import {
  chmodSync,
  closeSync,
  mkdirSync,
  openSync,
  readFileSync,
  readdirSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'

/** Size of a file that no buffer on its way holds as a whole. */
export const fileByteCount = 20_000_000

/** Size of a file that takes a while. */
export const largeFileByteCount = 100_000_000

/** Number of the files in a tree. */
export const treeFileCount = 300

/** A file to send, and the paths where it is put and where it is brought back to. */
export interface FileToSend {
  readonly local: string
  readonly remote: string
  readonly back: string
}

/** Makes a file of random bytes in a folder. */
export function makeFile(folder: string, byteCount = fileByteCount): FileToSend {
  const local = join(folder, 'local')
  writeFileSync(local, randomBytes(byteCount))
  return { local, remote: join(folder, 'remote'), back: join(folder, 'back') }
}

/** Makes a large file of which every second piece is random and every other a hole. */
export function makeLargeFile(folder: string): FileToSend {
  const pieceByteCount = largeFileByteCount / 10
  const local = join(folder, 'local')
  const file = openSync(local, 'w')
  for (let offset = 0; offset < largeFileByteCount; offset += 2 * pieceByteCount) {
    writeSync(file, randomBytes(pieceByteCount), 0, pieceByteCount, offset)
  }
  closeSync(file)
  truncateSync(local, largeFileByteCount)
  return { local, remote: join(folder, 'remote'), back: join(folder, 'back') }
}

/** Makes a tree of some hundred files in nested folders, some large, with different modes and times. */
export function makeTree(folder: string): string {
  for (let index = 0; index < treeFileCount; index += 1) {
    const place = join(folder, `folder-${index % 10}`, `nested-${index % 3}`)
    mkdirSync(place, { recursive: true, mode: 0o755 })
    const file = join(place, `file-${index}`)
    writeFileSync(file, randomBytes(index % 50 === 0 ? 500_000 : index))
    setModeAndTime(file, index)
  }
  return folder
}

/** What a tree holds: a line with path and digest for each file, and with its mode and time if asked for. */
export function listTree(folder: string, withModes = false): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => !file.includes('/.git/'))
    .sort()
    .map((file) => {
      const line = `${file.slice(folder.length)} ${digestOfFile(file)}`
      return withModes ? `${line} ${modeAndTime(file)}` : line
    })
}

/** The SHA-256 of a file, in hexadecimal. */
export function digestOfFile(file: string): string {
  return createHash('sha256').update(readFileSync(file)).digest('hex')
}

/** The permission bits of a file, in octal. */
export function modeOf(file: string): string {
  return (statSync(file).mode & 0o777).toString(8)
}

function setModeAndTime(file: string, index: number): void {
  const modes = [0o644, 0o600, 0o755]
  chmodSync(file, modes[index % modes.length] ?? 0o644)
  const seconds = 1_000_000_000 + index
  utimesSync(file, seconds, seconds)
}

function modeAndTime(file: string): string {
  return `${modeOf(file)} ${Math.floor(statSync(file).mtimeMs / 1000)}`
}
