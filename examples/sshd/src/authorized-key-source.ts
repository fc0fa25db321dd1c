import { onceEach, reasonOf, type Owner } from '@hawse/example-kit'
import { readAuthorizedKeys, type AuthorizedKey } from './authorized-keys'
import type { Log } from './log'

/** Gives the keys that are let in at the moment it is called. */
export type AuthorizedKeySource = () => readonly AuthorizedKey[]

/**
 * Reads the files anew at every call, so that a key taken out of one is let in no more. Reads them once at once,
 * and throws a `StartError` if that fails; a file that fails later lets nobody in. Tells of each problem once.
 */
export function authorizedKeysFrom(
  files: readonly string[],
  owner: Owner,
  log: Log,
): AuthorizedKeySource {
  const tell = onceEach(log)
  for (const file of files) readAuthorizedKeys(file, owner).warnings.forEach(tell)
  return () => files.flatMap((file) => readOrNone(file, owner, tell))
}

function readOrNone(file: string, owner: Owner, tell: Log): readonly AuthorizedKey[] {
  try {
    const { keys, warnings } = readAuthorizedKeys(file, owner)
    warnings.forEach(tell)
    return keys
  } catch (thrown) {
    tell(reasonOf(thrown))
    return []
  }
}
