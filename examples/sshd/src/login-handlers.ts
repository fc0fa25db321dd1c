import { childProcess } from '@hawse/adapter-node-child'
import { ptyProcess } from '@hawse/adapter-node-pty'
import {
  refuse,
  sessionEnvironment,
  type HandlerRequest,
  type ProcessPort,
  type Refusal,
  type SessionHandlers,
} from '@hawse/core'
import type { Account } from './account'
import { homeFailure } from './home-failure'
import { withNotice } from './notice'
import { forcedCommand, loginShell, shellCommand, type NoProgram, type Program } from './programs'

/** What the server runs, and as whom. */
export interface Login {
  readonly account: Account
  /** Runs instead of whatever is asked for. */
  readonly forceCommand: string | undefined
  /** Shell commands by name of the subsystem. */
  readonly subsystems: ReadonlyMap<string, string>
  /** Sees every program that is started. */
  readonly watchProgram?: ((program: ProcessPort) => ProcessPort) | undefined
}

/** Starts what sshd would start for the same request. */
export function loginHandlers(login: Login): SessionHandlers {
  const { account, forceCommand, subsystems } = login
  const command = (asked: Uint8Array): Program | NoProgram =>
    forceCommand === undefined
      ? shellCommand(account, asked)
      : forcedCommand(account, forceCommand, asked)
  const shell =
    forceCommand === undefined
      ? loginShell(account)
      : forcedCommand(account, forceCommand, undefined)
  const subsystemHandler = (asked: string) => (request: HandlerRequest) =>
    start(request, command(Buffer.from(asked)), login)
  return {
    shell: (request) => start(request, shell, login),
    exec: (request) => start(request, command(request.commandBytes), login),
    subsystem: Object.fromEntries(
      [...subsystems].map(([name, asked]) => [name, subsystemHandler(asked)]),
    ),
  }
}

function start(
  request: HandlerRequest,
  program: Program | NoProgram,
  { account, watchProgram = (unwatched) => unwatched }: Login,
): ProcessPort | Refusal {
  if ('refusal' in program) return refuse(program.refusal)
  const failure = homeFailure(account.home)
  const options = {
    env: environment(request, program, account),
    cwd: failure === undefined ? account.home : '/',
    ...(program.argv0 === undefined ? {} : { argv0: program.argv0 }),
  }
  const process =
    request.pty === undefined
      ? childProcess(program.argv, options)
      : ptyProcess(program.argv, { ...options, pty: request.pty, ttyVariable: 'SSH_TTY' })
  return watchProgram(failure === undefined ? process : withNotice(process, failure))
}

function environment(
  { host, peer, pty, env }: HandlerRequest,
  { originalCommand }: Program,
  account: Account,
): Record<string, string> {
  return sessionEnvironment({ host, peer, pty, clientEnv: env, account, originalCommand })
}
