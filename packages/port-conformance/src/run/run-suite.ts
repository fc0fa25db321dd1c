import { afterEach, beforeEach } from '../test-framework'
import {
  isRunError,
  type ProcessCommand,
  type ProcessEvent,
  type ProcessPort,
  type RunEncoding,
  type RunError,
  type RunResult,
} from '@hawse/core'
import { concatMap, tap } from 'rxjs'
import { makeTemporaryFolder, shareFolder, type TemporaryFolder } from '../temporary-folder'
import { waitUntil } from '../wait-until'
import {
  scriptArguments,
  type Argv,
  type MakeProcess,
  type ProcessCapabilities,
} from '../process/process-suite'

/** A process whose traffic is counted on its way. */
export interface CountedProcess extends ProcessPort {
  /** Bytes of output that it has emitted. */
  readonly outputBytes: () => number
  /** Commands that it was given, by type. */
  readonly commands: readonly ProcessCommand['type'][]
}

/** What the tests of one kind of process share. */
export interface RunSuite {
  readonly capabilities: ProcessCapabilities
  /** A process of a program, not started. */
  readonly program: (...argv: Argv) => CountedProcess
  /** A process of a shell script, not started; on a terminal in raw mode, so that every byte is exact. */
  readonly script: (script: string, ...args: readonly string[]) => CountedProcess
  /** The path of a file in a folder of this test. */
  readonly file: (name: string) => string
  /** Shell words that wait until a file of this test is there, or its folder is not. */
  readonly waitFor: (name: string) => string
}

/** Prepares what the tests share; after each test whatever still runs is killed. */
export function createRunSuite(
  makeProcess: MakeProcess,
  capabilities: ProcessCapabilities,
): RunSuite {
  const made: ProcessPort[] = []
  let folder: TemporaryFolder | undefined
  beforeEach(async () => {
    folder = await makeTemporaryFolder()
    if (capabilities.isRemote === true) await shareFolder(folder)
  })
  afterEach(async () => {
    for (const port of made.splice(0)) {
      port.perform({ type: 'process.signal', signal: 'KILL' })
      port.perform({ type: 'process.disconnect' })
    }
    await folder?.remove()
  })
  const make = (argv: Argv): ProcessPort => {
    const port = makeProcess(argv)
    made.push(port)
    return port
  }
  return {
    capabilities,
    program: (...argv) => counted(make(argv)),
    script: (script, ...args) => {
      const marked = capabilities.isTerminal ? `printf '\\001'; ${script}` : script
      const port = make(scriptArguments(marked, args, capabilities))
      return counted(capabilities.isTerminal ? startedWhenMarked(port) : port)
    },
    file: (name) => folder?.file(name) ?? '',
    waitFor: (name) => folder?.waitFor(name) ?? '',
  }
}

/** Tells the start of a script when its first byte shows that the terminal is raw: input before that would be echoed. */
function startedWhenMarked(port: ProcessPort): ProcessPort {
  let isMarked = false
  // A program that ends at once may be told to have exited before what it wrote.
  const held: ProcessEvent[] = []
  const unmark = (event: ProcessEvent): readonly ProcessEvent[] => {
    if (isMarked) return [event]
    if (event.type !== 'process.output') {
      held.push(event)
      return []
    }
    isMarked = true
    const bytes = event.bytes.subarray(1)
    return bytes.length === 0 ? held : [...held, { ...event, bytes }]
  }
  return {
    event$: port.event$.pipe(concatMap((event) => unmark(event))),
    perform: (command) => port.perform(command),
  }
}

function counted(port: ProcessPort): CountedProcess {
  const commands: ProcessCommand['type'][] = []
  let byteCount = 0
  return {
    event$: port.event$.pipe(
      tap((event) => {
        if (event.type === 'process.output') byteCount += event.bytes.length
      }),
    ),
    perform: (command) => {
      commands.push(command.type)
      port.perform(command)
    },
    outputBytes: () => byteCount,
    commands,
  }
}

/** What a run was rejected with; fails where it was not, or with something else. */
export async function runErrorOf(run: Promise<unknown>): Promise<RunError> {
  const error = await run.then(
    () => new Error('the run was not rejected'),
    (reason: unknown) => reason,
  )
  if (isRunError(error)) return error
  throw error
}

/** Waits until a process was paused, and gives a wrong one time to emit more; a right one passes however long it is. */
export async function untilPaused({ commands }: CountedProcess): Promise<void> {
  await waitUntil(
    () => commands.includes('process.pauseOutput'),
    () => `the process was never paused, only told ${commands.join(', ')}`,
  )
  await new Promise((resolve) => setTimeout(resolve, opportunityMs))
}

const opportunityMs = 200

/** What the window of a session channel may hold on its way to another host (RFC 4254 section 5.2), in bytes. */
export function windowBytes({ isRemote = false }: ProcessCapabilities): number {
  return isRemote ? 2 * 1024 * 1024 : 0
}

/** The stdout of a result, whatever its encoding. */
export function stdoutOf({ stdout }: RunResult<RunEncoding>): string {
  return typeof stdout === 'string' ? stdout : Buffer.from(stdout).toString()
}
