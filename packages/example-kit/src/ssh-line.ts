import { shellQuote } from './shell-quote'

/** The files that ssh is told of. */
export interface SshFiles {
  readonly knownHostsFile: string
  /** `undefined` where the keys let in are the caller's own: ssh then offers what it has. */
  readonly clientKeyFile: string | undefined
}

/** What the printed command names. */
export interface SshLine extends SshFiles {
  readonly user: string
  readonly host: string
  readonly port: number
}

/** The ssh command that logs in here, ready for a shell. */
export function sshLine({ user, host, port, ...files }: SshLine): string {
  return `ssh -p ${port} ${sshOptions(files)} ${shellQuote(`${user}@${host}`)}`
}

/** The options that make ssh use these files, ready for a shell. */
export function sshOptions({ knownHostsFile, clientKeyFile }: SshFiles): string {
  const identity = clientKeyFile === undefined ? [] : identityOptions(clientKeyFile)
  const knownHosts = ['-o', `UserKnownHostsFile=${configurationWord(knownHostsFile)}`]
  return [...identity, ...knownHosts].map(shellQuote).join(' ')
}

/**
 * ssh looks for the file of `-i` as written and then expands `%` in it, so a name with `%` fits only `IdentityFile`.
 */
function identityOptions(file: string): readonly string[] {
  const named = file.includes('%')
    ? ['-o', `IdentityFile=${configurationWord(file)}`]
    : ['-i', file]
  return [...named, '-o', 'IdentitiesOnly=yes']
}

/** A word of ssh_config(5): `%` starts a token there, and spaces separate words. */
function configurationWord(word: string): string {
  const literal = word.replaceAll('%', '%%')
  return /[\s"'\\#]/.test(literal) ? `"${literal.replace(/["\\]/g, '\\$&')}"` : literal
}
