import type { ProcessCommand } from '../../src/ports/process-port'
import { runSession, type Session } from '../../src/streams/run-session'
import type { SessionHandlers } from '../../src/streams/session-handlers'
import type { SessionOptions } from '../../src/streams/session-options'
import { manualClock, type ManualClock } from '../../src/testing/manual-clock'
import { memoryChannelPair, type MemoryChannelPair } from '../../src/testing/memory-channel'
import type { MemoryTransportOptions } from '../../src/testing/memory-transport'
import {
  scriptedProcess,
  type ScriptedProcess,
  type ScriptedProcessOptions,
} from '../../src/testing/scripted-process'
import { createTrace, describeMessage, type Trace } from '../../src/testing/trace'
import { testClient, type TestClient, type TestClientOptions } from './test-client'

/** A whole session in memory: a client, the channel machines of both ends, the session, and a scripted process. */
export interface TestBench {
  readonly session: Session
  readonly process: ScriptedProcess
  readonly client: TestClient
  readonly clock: ManualClock
  readonly pair: MemoryChannelPair
  readonly trace: Trace
  /** Every message the server sent, in words. */
  sent(): readonly string[]
  /** Types of the commands the process was given, in order. */
  asked(): readonly string[]
}

/** What a bench is built from. */
export interface TestBenchOptions {
  readonly process?: ScriptedProcessOptions | ScriptedProcess
  readonly handlers?: SessionHandlers
  readonly session?: SessionOptions
  readonly transport?: MemoryTransportOptions
  readonly client?: TestClientOptions
}

/** Sets up a bench on which every program request is answered by the bench's process. */
export function testBench(options: TestBenchOptions = {}): TestBench {
  const given = options.process
  const process = given !== undefined && 'perform' in given ? given : scriptedProcess(given)
  const clock = manualClock()
  const trace = createTrace()
  const pair = memoryChannelPair(options.transport)
  const run = (): ScriptedProcess => process
  const handlers = options.handlers ?? { exec: run, shell: run, subsystem: { sftp: run } }
  const session = runSession(pair.server, handlers, {
    scheduler: clock.scheduler,
    tap: trace.tap,
    ...options.session,
  })
  const client = testClient(pair.client, options.client)
  return {
    session,
    process,
    client,
    clock,
    pair,
    trace,
    sent: () => pair.serverTransport.sent.map(describeMessage),
    asked: () => process.commands.map(describeAsked),
  }
}

/** A bench whose client has asked for a command, and whose process runs. */
export function runningBench(options: TestBenchOptions = {}): TestBench {
  const bench = testBench(options)
  bench.client.exec('cat')
  return bench
}

/** A process command in words. */
export function describeAsked(command: ProcessCommand): string {
  const type = command.type.replace('process.', '')
  if (command.type === 'process.signal') return `${type} ${command.signal}`
  if (command.type === 'process.closeOutput') return `${type} ${command.output}`
  if (command.type === 'process.write') return `${type} ${String(command.bytes.length)}`
  if (command.type !== 'process.resize') return type
  return `${type} ${String(command.size.columns)}x${String(command.size.rows)}`
}

/** Lets promises that have settled run their reactions. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await Promise.resolve()
}
