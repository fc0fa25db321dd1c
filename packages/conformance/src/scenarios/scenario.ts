import { existsSync, readFileSync } from 'node:fs'
import { chmod } from 'node:fs/promises'
import { makeTemporaryFolder, type TemporaryFolder } from '@hawse/port-conformance'
import { missingBashReason } from '../peers/missing-bash'
import { runClient, type ClientOptions, type ClientResult } from '../servers/run-client'
import { sshArguments, type ServerKind, type ServerUnderTest } from '../servers/server-under-test'
import { logOptions, receivedMessages } from '../wire/client-log'
import { connectRaw, type RawClient, type RawClientOptions } from '../wire/raw-client'

/** What one scenario works with. */
export interface ScenarioContext {
  readonly server: ServerUnderTest
  /** A folder of this scenario that the account under test may write to. */
  readonly folder: TemporaryFolder
  /** Runs `ssh` with a remote command line to its end. */
  readonly ssh: (command: string, options?: SshRunOptions) => Promise<SshResult>
  /** Connects a client that sends and sees every message by itself; it is ended with the scenario. */
  readonly connect: (options?: RawClientOptions) => Promise<RawClient>
}

/** How `ssh` ended, and what passed between it and the server. */
export interface SshResult extends ClientResult {
  /** Everything that `ssh` itself had to say, as with `-vvv`; its stderr is that of the program alone. */
  readonly log: string
  /** The channel messages it received, in order, repetitions left out; a request by its type. */
  readonly received: readonly string[]
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
  readonly servers: readonly ServerKind[]
  /** Programs of the system that it needs beside `ssh`. */
  readonly programs: readonly string[]
  /** What else it needs and is not here, naming what to install; gives undefined where all is here. */
  readonly missing: () => string | undefined
  /** Why it cannot run on this machine although its programs are there; gives undefined where it can. */
  readonly unless: () => string | undefined
  /** Whether the program sits on a terminal of the server. */
  readonly needsTerminal: boolean
  /** Acts and asserts. */
  readonly run: (context: ScenarioContext) => Promise<void>
  /** Most time it may take, in milliseconds. */
  readonly boundMs: number
  /**
   * Where ours does on purpose something else than the reference: what each does, and the reason, in a sentence.
   *
   * Only then may `run` look at `server.kind`, and it asserts both.
   */
  readonly difference: string | undefined
  /** The client beside OpenSSH's whose capability it shows; undefined where it shows the server alone. */
  readonly peer: { readonly name: string; readonly capability: string } | undefined
}

/** A scenario for every server that needs only `ssh`, unless told otherwise. */
export function scenario(
  name: string,
  rows: readonly number[],
  run: Scenario['run'],
  details: Partial<Omit<Scenario, 'name' | 'rows' | 'run'>> = {},
): Scenario {
  return { ...defaults, name, rows, run, ...details }
}

const defaults = {
  servers: ['sshd', 'hawse', 'byHand'],
  programs: [],
  missing: () => undefined,
  unless: () => undefined,
  needsTerminal: false,
  boundMs: 600_000,
  difference: undefined,
  peer: undefined,
} as const

/** The same scenarios, all of them on a terminal of the server. */
export function onTerminal(scenarios: readonly Scenario[]): readonly Scenario[] {
  return scenarios.map((scenario) => ({ ...scenario, needsTerminal: true }))
}

/** The same scenarios, all of them about what bash does as the shell of the account. */
export function inBash(scenarios: readonly Scenario[]): readonly Scenario[] {
  return scenarios.map((scenario) => ({ ...scenario, unless: missingBashReason }))
}

/** What was seen while a scenario ran. */
export interface ScenarioTrace {
  /** For each run of `ssh` and each channel of a raw client, the messages it received, in order. */
  readonly received: (readonly string[])[]
}

/** Runs a scenario against a server, in a folder that is removed afterwards; throws where it is not met. */
export async function runScenario(
  { run }: Scenario,
  server: ServerUnderTest,
  trace: ScenarioTrace = { received: [] },
): Promise<void> {
  const folder = await makeTemporaryFolder()
  await chmod(folder.path, 0o777)
  let count = 0
  const ssh: ScenarioContext['ssh'] = async (command, { options = [], ...clientOptions } = {}) => {
    const logFile = folder.file(`ssh-${(count += 1)}.log`)
    const args = sshArguments(server, [command], [...options, ...logOptions(logFile)])
    const result = await runClient('ssh', args, clientOptions)
    const log = existsSync(logFile) ? readFileSync(logFile, 'utf8') : ''
    const received = receivedMessages(log)
    trace.received.push(received)
    return { ...result, log, received }
  }
  const clients: RawClient[] = []
  const connect: ScenarioContext['connect'] = async (options) => {
    const client = await connectRaw(server, options)
    clients.push(client)
    return client
  }
  try {
    await run({ server, folder, ssh, connect })
    requireRules(clients)
  } finally {
    await Promise.all(clients.map(({ connection }) => connection.end()))
    const channels = clients.flatMap((client) => client.channels)
    trace.received.push(...channels.map((channel) => channel.received))
    await folder.remove()
  }
}

/** Whatever a scenario is about, no server may break the rules of the protocol. */
function requireRules(clients: readonly RawClient[]): void {
  const accusations = clients.flatMap(({ connection }) => connection.accusations)
  if (accusations.length > 0) throw new Error(`the server sent ${accusations.join('; ')}`)
}
