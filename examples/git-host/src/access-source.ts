import { onceEach, readTrustedFile, reasonOf, type Owner } from '@hawse/example-kit'
import { parseAccess, type Member } from './access'

/** Gives who is let in at the moment it is called. */
export type AccessSource = () => readonly Member[]

/**
 * Reads the access file anew at every call, so that a change counts from the next request on. Reads it at once too, and
 * throws a `StartError` where it cannot be used; a file that fails later lets nobody in, and `note` hears why, once.
 */
export function accessFrom(file: string, owner: Owner, note: (line: string) => void): AccessSource {
  const tell = onceEach(note)
  const read = (): readonly Member[] => parseAccess(readTrustedFile(file, owner), file)
  read()
  return () => {
    try {
      return read()
    } catch (thrown) {
      tell(`nobody is let in: ${reasonOf(thrown)}`)
      return []
    }
  }
}
