import { userInfo } from 'node:os'

/** Why what bash does at a prompt cannot be seen: the account that logs in has another shell. */
export function missingBashReason(): string | undefined {
  // As root the tests log in to an account of their own, which has bash.
  if (process.getuid?.() === 0 || userInfo().shell?.endsWith('/bash') === true) return undefined
  return 'the shell of this account is not bash: run the tests as root, or as an account with bash'
}
