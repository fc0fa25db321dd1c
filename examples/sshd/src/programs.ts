import { basename } from 'node:path'
import type { Account } from './account'
import { decodeUtf8, hasNul, shellArguments, type Argv } from './exact-command'

/** A program to start for a session. */
export interface Program {
  readonly argv: Argv
  /** What the program is told it is called; `undefined`: its path. */
  readonly argv0: string | undefined
  /** What the client asked for, where another command is forced; set as SSH_ORIGINAL_COMMAND. */
  readonly originalCommand: string | undefined
}

/** Why no program is started, for the person at the client. */
export interface NoProgram {
  readonly refusal: string
}

type Shell = Pick<Account, 'shell'>

/** The account's shell as a login shell: the `-` before its name says so, by old convention. */
export function loginShell({ shell }: Shell): Program {
  return { argv: [shell], argv0: `-${basename(shell)}`, originalCommand: undefined }
}

/** A command, run by the account's shell; of exactly the bytes the client sent. */
export function shellCommand(
  { shell }: Shell,
  commandBytes: Uint8Array,
  originalCommand?: string,
): Program | NoProgram {
  if (hasNul(commandBytes)) {
    return { refusal: 'the command contains a NUL byte, which no program can be given; remove it' }
  }
  const argv = shellArguments(shell, commandBytes)
  const argv0 = argv[0] === shell ? basename(shell) : undefined
  return { argv, argv0, originalCommand }
}

/** The forced command instead of what was asked for; `asked` is `undefined` where a shell was. */
export function forcedCommand(
  account: Shell,
  command: string,
  asked: Uint8Array | undefined,
): Program | NoProgram {
  const original = asked === undefined ? undefined : decodeUtf8(asked)
  if (asked !== undefined && (original === undefined || hasNul(asked))) {
    return {
      refusal: 'the command is not UTF-8 text without NUL, which SSH_ORIGINAL_COMMAND needs',
    }
  }
  return shellCommand(account, Buffer.from(command), original)
}
