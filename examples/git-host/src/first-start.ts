import { createPrivateFile, reasonOf, StartError, type Identity } from '@hawse/example-kit'
import { mkdirSync, realpathSync } from 'node:fs'
import { join } from 'node:path'
import { isOwnerName } from './repository-name'

/** The folder of repositories, made where it is not there; gives its real path. Throws a `StartError`. */
export function openRepositories(folder: string): string {
  try {
    mkdirSync(folder, { recursive: true })
    return realpathSync(folder)
  } catch (thrown) {
    throw new StartError(`the folder of repositories ${folder} cannot be made: ${reasonOf(thrown)}`)
  }
}

/** The access file of a first start: it lets in the generated client key, as the account's own. */
export function createAccessFile(folder: string, user: string, { clientKey }: Identity): string {
  const file = join(folder, 'access.json')
  const key = `${clientKey.type} ${clientKey.getPublicSSH().toString('base64')} generated`
  const access = { users: { [user]: { keys: [key], read: [], write: [] } } }
  createPrivateFile(file, () => `${JSON.stringify(access, null, 2)}\n`)
  return file
}

/** The account's name, where a repository can have such an owner. */
export function firstUser(account: string): string {
  return isOwnerName(account) ? account : 'me'
}
