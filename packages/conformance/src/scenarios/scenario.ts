import { chmod } from 'node:fs/promises'
import { makeTemporaryFolder, type TemporaryFolder } from '../peers/temporary-folder'
import { runClient, type ClientOptions, type ClientResult } from '../servers/run-client'
import { sshArguments, type ServerUnderTest } from '../servers/server-under-test'

/** What one scenario works with. */
export interface ScenarioContext {
  readonly server: ServerUnderTest
  /** A folder of this scenario that the account under test may write to. */
  readonly folder: TemporaryFolder
  /** Runs `ssh` with a remote command line to its end. */
  readonly ssh: (command: string, options?: SshRunOptions) => Promise<ClientResult>
}

/** How `ssh` is run: its own options beside those of any client. */
export interface SshRunOptions extends ClientOptions {
  /** Options of `ssh`, put before those that reach the server. */
  readonly options?: readonly string[]
}

/** Something a user does with a real client, and what must come of it on every server alike. */
export interface Scenario {
  /** The behaviour, as a sentence. */
  readonly name: string
  /** The rows of the behaviour table that it shows. */
  readonly rows: readonly number[]
  /** Servers it applies to. */
  readonly servers: readonly ServerUnderTest['kind'][]
  /** Programs of the system that it needs beside `ssh`. */
  readonly programs: readonly string[]
  /** Whether the program sits on a terminal of the server. */
  readonly needsTerminal: boolean
  /** Acts and asserts. */
  readonly run: (context: ScenarioContext) => Promise<void>
  /** Most time it may take, in milliseconds. */
  readonly boundMs: number
}

/** A scenario for both servers that needs only `ssh`, unless told otherwise. */
export function scenario(
  name: string,
  rows: readonly number[],
  run: Scenario['run'],
  details: Partial<Pick<Scenario, 'servers' | 'programs' | 'needsTerminal' | 'boundMs'>> = {},
): Scenario {
  return { ...defaults, name, rows, run, ...details }
}

const defaults = {
  servers: ['sshd', 'hawse'],
  programs: [],
  needsTerminal: false,
  boundMs: 60_000,
} as const

/** The same scenarios, all of them on a terminal of the server. */
export function onTerminal(scenarios: readonly Scenario[]): readonly Scenario[] {
  return scenarios.map((scenario) => ({ ...scenario, needsTerminal: true }))
}

/** Runs a scenario against a server, in a folder that is removed afterwards. */
export async function runScenario({ run }: Scenario, server: ServerUnderTest): Promise<void> {
  const folder = await makeTemporaryFolder()
  await chmod(folder.path, 0o777)
  const ssh: ScenarioContext['ssh'] = (command, { options = [], ...clientOptions } = {}) =>
    runClient('ssh', sshArguments(server, [command], options), clientOptions)
  try {
    await run({ server, folder, ssh })
  } finally {
    await folder.remove()
  }
}
