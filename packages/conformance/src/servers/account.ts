import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmdirSync } from 'node:fs'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'

/** An account of this machine that programs run as. */
export interface Account {
  readonly user: string
  readonly userId: number
  readonly groupId: number
  readonly home: string
  /** The program that runs its commands. */
  readonly shell: string
}

/** The account made where the tests run as root. */
const unprivilegedUser = 'hawse-ref'

/** Another, made where a scenario asks for it. */
const homelessUser = 'hawse-homeless'

/** The one that speed is measured in. */
const plainUser = 'hawse-plain'

/**
 * The account that sessions under test log in to.
 *
 * OpenSSH refuses `signal` requests in sessions of root, and lets nobody but root log in to other accounts.
 * So it is an unprivileged one, made on first use, where the tests run as root; elsewhere whoever runs them.
 */
export function sessionAccount(): Account {
  if (process.getuid?.() !== 0) return currentAccount()
  makeAccount(unprivilegedUser, ['--shell', '/bin/bash', '--create-home'])
  return lookUpAccount(unprivilegedUser)
}

/** An account that programs run as, whose home folder is not there; only root can make it. */
export function homelessAccount(): Account {
  makeAccount(homelessUser, [
    ...['--shell', '/bin/bash'],
    ...['--no-create-home', '--home-dir', '/nonexistent'],
  ])
  return lookUpAccount(homelessUser)
}

/**
 * An account whose shell is /bin/sh and whose home is empty, so that no start-up file of a shell is run; made on
 * first use by root, elsewhere whoever runs this.
 */
export function plainAccount(): Account {
  if (process.getuid?.() !== 0) return currentAccount()
  const emptyFolder = mkdtempSync(join(tmpdir(), 'hawse-'))
  try {
    makeAccount(plainUser, ['--shell', '/bin/sh', '--create-home', '--skel', emptyFolder])
  } finally {
    rmdirSync(emptyFolder)
  }
  return lookUpAccount(plainUser)
}

/** The account that runs the tests. */
export function currentAccount(): Account {
  const { username, uid, gid, homedir, shell } = userInfo()
  return { user: username, userId: uid, groupId: gid, home: homedir, shell: shell ?? '/bin/sh' }
}

/** Test files run side by side: the lock lets only one of them make the account. */
function makeAccount(user: string, options: readonly string[]): void {
  const lockFile = join(tmpdir(), `${user}.lock`)
  const command = `id -u "$0" >/dev/null 2>&1 || useradd --password '*' "$@" "$0"`
  execFileSync('flock', [lockFile, 'sh', '-c', command, user, ...options], { stdio: 'pipe' })
}

function lookUpAccount(user: string): Account {
  const entry = execFileSync('getent', ['passwd', user], { encoding: 'utf8' }).trim().split(':')
  const [, , userId, groupId, , home = '/', shell = '/bin/sh'] = entry
  return { user, userId: Number(userId), groupId: Number(groupId), home, shell }
}
