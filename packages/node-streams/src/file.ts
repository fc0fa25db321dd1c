import { createReadStream, createWriteStream } from 'node:fs'
import type { ByteSink, ByteSource } from '@hawse/core'
import { fromNodeReadable } from './node-readable'
import { toNodeWritable } from './node-writable'

/** A source of the bytes of a file, which is opened by the first read; one that cannot be opened or read is a failed source. */
export function fromFile(path: string): ByteSource {
  let opened: ByteSource | undefined
  const open = (): ByteSource => (opened ??= fromNodeReadable(createReadStream(path)))
  return { read: () => open().read(), cancel: () => opened?.cancel() }
}

/** Choices for `toFile`. */
export interface FileSinkOptions {
  /** Whether what is there stays, as `>>` does; false by default: the file is emptied, as `>` does. */
  readonly isAppended?: boolean
  /** Permissions of a file that is made, less the umask; 0o666 by default. */
  readonly mode?: number
}

/**
 * A sink that writes a file, which is made or emptied at once. It has ended when the file is closed. One that cannot be
 * opened or written, such as on a full disk, is a failed sink.
 */
export function toFile(path: string, { isAppended = false, mode }: FileSinkOptions = {}): ByteSink {
  const flags = isAppended ? 'a' : 'w'
  return toNodeWritable(createWriteStream(path, { flags, ...(mode !== undefined && { mode }) }))
}
