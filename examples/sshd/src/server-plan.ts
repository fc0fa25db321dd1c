import type { ProcessPort, SessionOptions } from '@hawse/core'
import { parseKey } from '@hawse/example-kit'
import type { Account } from './account'
import { authorizedKeysFrom, type AuthorizedKeySource } from './authorized-key-source'
import { noKeyOptions } from './key-options'
import type { EventLog, Log } from './log'
import type { Numbering } from './numbering'
import type { Options } from './options'
import { servedSession } from './served-session'
import type { SshServiceSettings } from './ssh-service'

/** What the processes of one server have in common: data only, so that it can be sent to them. */
export interface ServerPlan {
  readonly options: Options
  readonly account: Account
  /** Private host keys, as text. */
  readonly hostKeys: readonly string[]
  /** The generated client key, as a line of authorized_keys(5): let in where no file of keys is given. */
  readonly clientKey: string
  /** Shell commands by name of the subsystem. */
  readonly subsystems: ReadonlyMap<string, string>
}

/** What each process of a server has of its own. */
export interface ProcessTools {
  readonly log: EventLog
  /** Hears of each problem with a key file. */
  readonly noteKeyProblem: Log
  readonly numbering: Numbering
  /** Sees every program that is started. */
  readonly watchProgram?: (program: ProcessPort) => ProcessPort
}

/** What a program that is ended gets after SIGHUP: SIGTERM and then SIGKILL, each after so many milliseconds. */
export const endingDelays = { terminateDelayMs: 2_000, killDelayMs: 2_000 }

/** How a process serves by a plan. Reads the key files, and throws a `StartError` where one cannot be used. */
export function serviceSettings(plan: ServerPlan, tools: ProcessTools): SshServiceSettings {
  const { options, account, hostKeys, subsystems } = plan
  const { log, numbering, watchProgram } = tools
  const { clientAliveMs, limits, forceCommand } = options
  const login = { account, forceCommand, subsystems, watchProgram }
  const sessionOptions = sessionOptionsOf(options)
  return {
    hostKeys,
    user: account.user,
    authorizedKeys: openKeySource(plan, tools.noteKeyProblem),
    serve: (allowed) => servedSession(login, sessionOptions, allowed),
    clientAliveMs,
    limits,
    numbering,
    log,
  }
}

/** The keys that a plan lets in. Reads the key files, and throws a `StartError` where one cannot be used. */
export function openKeySource(
  { options, account, clientKey }: ServerPlan,
  note: Log,
): AuthorizedKeySource {
  const files = options.authorizedKeysFiles
  if (files.length > 0) return authorizedKeysFrom(files, account, note)
  const key = parseKey(clientKey)
  if (key instanceof Error) throw key
  return () => [{ key, options: noKeyOptions }]
}

function sessionOptionsOf(options: Options): SessionOptions {
  const { acceptEnv, onDisconnect, timeLimits, limits } = options
  const { maximumCommandBytes } = limits
  return { acceptEnv, onDisconnect, timeLimits, maximumCommandBytes, ...endingDelays }
}
