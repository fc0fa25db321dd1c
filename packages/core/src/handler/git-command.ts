/** What a git client asks to run: a service, and the repository it is for. */
export interface GitCommand {
  readonly service: 'git-upload-pack' | 'git-receive-pack' | 'git-upload-archive'
  /** As the client named it, unquoted; where that is on this machine is yours to decide. */
  readonly path: string
}

/**
 * Reads the command of an `exec` request as git clients send it, such as `git-upload-pack '/a.git'`; `null` for
 * anything else, so that what is offered is git and nothing else.
 *
 * The path is not empty, does not begin with `-`, and has no `..` segment, no control character and nothing that was
 * not UTF-8. It may be absolute, or begin with `~`, which git's own programs would expand: join it to a folder of
 * yours, and start `[service, path]` without a shell. Options are refused, so `git clone --upload-pack=...` with
 * anything but the service itself is too.
 */
export function parseGitCommand(command: string): GitCommand | null {
  const [, verb, quoted] = gitCommand.exec(command) ?? []
  if (verb === undefined || quoted === undefined) return null
  const path = quoted.replace(/'\\(['!])'/g, '$1')
  return isPlainPath(path) ? { service: `git-${verb as Verb}`, path } : null
}

type Verb = 'upload-pack' | 'receive-pack' | 'upload-archive'

/** One single-quoted word, in which git writes `'` as `'\''` and `!` as `'\!'`. */
const gitCommand = /^git[- ](upload-pack|receive-pack|upload-archive) '((?:[^']|'\\['!]')*)'$/

/** U+FFFD is what bytes that were not UTF-8 have become. */
function isPlainPath(path: string): boolean {
  if (path === '' || path.startsWith('-') || /[\p{Cc}\p{Cs}\ufffd]/u.test(path)) return false
  return !path.split('/').includes('..')
}
