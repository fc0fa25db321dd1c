import { reasonOf, StartError, usageError } from '@hawse/example-kit'
import { accessSync, constants, statSync } from 'node:fs'
import { userInfo, type UserInfo } from 'node:os'

/** The account that runs the server, the only one that can log in. */
export interface Account {
  readonly user: string
  readonly uid: number
  readonly home: string
  /** The program that runs commands, an absolute path. */
  readonly shell: string
  /** The PATH that a session starts with. */
  readonly path: string
  /** Where its mail arrives, whether or not there is any. */
  readonly mail: string
}

/** Looks up the account that runs this process; `shell` replaces its own. Throws a `StartError`. */
export function currentAccount(shell?: string): Account {
  const { username, uid, homedir, shell: ownShell } = lookUp()
  return {
    user: username,
    uid,
    home: homedir,
    shell: shell === undefined ? ownShell || '/bin/sh' : checkShell(shell),
    path: loginPath(uid),
    mail: `/var/mail/${username}`,
  }
}

/** The PATH that sshd of Debian gives: the superuser's, and everybody else's. */
export function loginPath(uid: number): string {
  return uid === 0
    ? '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'
    : '/usr/local/bin:/usr/bin:/bin:/usr/games'
}

function lookUp(): UserInfo<string> {
  try {
    return userInfo()
  } catch (thrown) {
    throw new StartError(
      `the account that runs this has no passwd entry (${reasonOf(thrown)}); run it as a user that has one`,
    )
  }
}

function checkShell(shell: string): string {
  if (shell.startsWith('/') && isExecutableFile(shell)) return shell
  throw usageError(`--shell ${shell}: expected the absolute path of a program, such as /bin/sh`)
}

/** Whether a path names a regular file that this process may execute. */
export function isExecutableFile(file: string): boolean {
  try {
    accessSync(file, constants.X_OK)
    return statSync(file).isFile()
  } catch {
    return false
  }
}
