import type { DisconnectPolicy } from '@hawse/core'
import {
  parseListenAddress,
  readArguments,
  usageError,
  type ListenAddress,
} from '@hawse/example-kit'
import {
  lifeTimeOptionTable,
  parseLifeTimeOptions,
  type LifeTimeOptions,
} from './life-time-options'
import { limitOptionTable, parseLimitOptions, type LimitOptions } from './limit-options'

/** The command line, checked. */
export interface Options extends LifeTimeOptions {
  readonly isHelp: boolean
  readonly listen: ListenAddress
  /** Private host keys; empty: the generated one. */
  readonly hostKeyFiles: readonly string[]
  /** Files of public keys to let in; empty: the generated client key. */
  readonly authorizedKeysFiles: readonly string[]
  /** Shell commands by name of the subsystem, those of the command line only. */
  readonly subsystems: ReadonlyMap<string, string>
  /** Patterns of variables taken from the client, with `*` and `?`. */
  readonly acceptEnv: readonly string[]
  /** `undefined`: the shell of the account. */
  readonly shell: string | undefined
  readonly forceCommand: string | undefined
  readonly onDisconnect: DisconnectPolicy
  readonly limits: LimitOptions
  /** Processes that serve; 1: the one that was started. */
  readonly workers: number
}

/** Reads the command line; throws a `StartError` that names the option and what it takes. */
export function parseOptions(args: readonly string[]): Options {
  const { values } = readArguments({ args: [...args], strict: true, options: optionTable })
  return {
    isHelp: values.help ?? false,
    listen: parseListenAddress(values.listen ?? '127.0.0.1:2222'),
    hostKeyFiles: values['host-key'] ?? [],
    authorizedKeysFiles: values['authorized-keys'] ?? [],
    subsystems: parseSubsystems(values.subsystem ?? []),
    acceptEnv: (values['accept-env'] ?? ['LANG', 'LC_*']).map(checkPattern),
    shell: values.shell,
    forceCommand: checkCommand(values['force-command']),
    onDisconnect: parsePolicy(values['on-disconnect'] ?? 'sshd'),
    limits: parseLimitOptions(values),
    workers: parseWorkers(values.workers ?? '1'),
    ...parseLifeTimeOptions(values),
  }
}

const optionTable = {
  listen: { type: 'string' },
  'host-key': { type: 'string', multiple: true },
  'authorized-keys': { type: 'string', multiple: true },
  subsystem: { type: 'string', multiple: true },
  'accept-env': { type: 'string', multiple: true },
  shell: { type: 'string' },
  'force-command': { type: 'string' },
  'on-disconnect': { type: 'string' },
  workers: { type: 'string' },
  ...lifeTimeOptionTable,
  ...limitOptionTable,
  help: { type: 'boolean' },
} as const

function parseSubsystems(texts: readonly string[]): ReadonlyMap<string, string> {
  const subsystems = new Map<string, string>()
  for (const text of texts) {
    const [, name, command] = /^([^\s=]+)=(.*\S.*)$/s.exec(text) ?? []
    if (name === undefined || command === undefined) {
      throw usageError(
        `--subsystem ${text}: expected NAME=COMMAND, such as sftp=/usr/lib/sftp-server`,
      )
    }
    if (subsystems.has(name)) {
      throw usageError(`--subsystem ${name} is given twice; give each name one command`)
    }
    subsystems.set(name, command)
  }
  return subsystems
}

function checkPattern(pattern: string): string {
  if (/^[A-Za-z0-9_*?]+$/.test(pattern)) return pattern
  throw usageError(
    `--accept-env ${JSON.stringify(pattern)}: expected the name of a variable, in which * and ? stand for others, such as LC_*`,
  )
}

function checkCommand(command: string | undefined): string | undefined {
  if (command === undefined || command.trim() !== '') return command
  throw usageError('--force-command is empty; give it a command, or leave it out')
}

function parsePolicy(text: string): DisconnectPolicy {
  if (text === 'sshd' || text === 'hangUp' || text === 'terminate') return text
  throw usageError(`--on-disconnect ${text}: expected sshd, hangUp or terminate`)
}

/** More than machines have processors for is a slip of the finger. */
const mostWorkers = 64

function parseWorkers(text: string): number {
  const workers = /^[1-9]\d?$/.test(text) ? Number(text) : Number.NaN
  if (workers <= mostWorkers) return workers
  throw usageError(`--workers ${text}: expected a whole number from 1 to ${mostWorkers}`)
}
