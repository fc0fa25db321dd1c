import type { OutputName } from '../../src/ports/process-port'
import type { SessionState } from '../../src/session/session-state'
import { toArray } from '../../src/channel/queue'
import type { Decision } from '../../src/streams/session-handlers'
import { refuse } from '../../src/streams/session-handlers'
import { runSession } from '../../src/streams/run-session'
import type { SessionResult } from '../../src/streams/session-driver'
import { manualClock } from '../../src/testing/manual-clock'
import { memoryChannelPair } from '../../src/testing/memory-channel'
import { scriptedProcess } from '../../src/testing/scripted-process'
import type { ChannelMessage } from '../../src/wire/channel-message'
import type { ProcessCommand } from '../../src/ports/process-port'
import { joinBytes, testClient } from './test-client'
import { settled } from './test-bench'

/** One thing that somebody around a session does. */
export type Action =
  | { readonly type: 'exec' | 'clientEof' | 'clientClose' | 'unknown' | 'env' | 'signal' }
  | { readonly type: 'send'; readonly byteCount: number }
  | { readonly type: 'read'; readonly isReading: boolean }
  | { readonly type: 'print'; readonly output: OutputName; readonly byteCount: number }
  | { readonly type: 'take'; readonly byteCount: number }
  | { readonly type: 'endOutput'; readonly output: OutputName }
  | { readonly type: 'inputClosed' | 'exit' | 'exitTwice' }
  | { readonly type: 'accept' | 'refuse' | 'fail' }
  | { readonly type: 'block' | 'unblock' | 'lose' | 'ownerClose' }
  | { readonly type: 'wait'; readonly milliseconds: number }

/** Windows and packets of both ends, and the marks of the session. */
export interface ModelOptions {
  readonly localWindowBytes: number
  readonly localPacketBytes: number
  readonly remoteWindowBytes: number
  readonly remotePacketBytes: number
  readonly highWaterMarkBytes: number
  readonly isWindowWithheld: boolean
}

/** All that can be known of a session after it ended. */
export interface ModelRun {
  readonly sent: readonly ChannelMessage[]
  readonly clientSent: readonly ChannelMessage[]
  readonly commands: readonly ProcessCommand[]
  readonly printed: Readonly<Record<OutputName, Uint8Array>>
  readonly received: Readonly<Record<OutputName, Uint8Array>>
  readonly typed: Uint8Array
  readonly replies: readonly boolean[]
  /** What each request that wants a reply must be answered; `null` where a handler decides. */
  readonly wanted: readonly (boolean | null)[]
  /** Whether everybody stayed to the end: nothing was closed, lost, refused or ended early. */
  readonly isUndisturbed: boolean
  readonly isReplyOwed: boolean
  readonly largestUnwrittenBytes: number
  readonly largestHeldInputBytes: number
  readonly outcome: SessionResult
}

/** The largest chunk that a process of the model prints. */
export const largestChunkBytes = 30

/**
 * Plays these actions on a whole session in memory, and then gives it all the answers it waits for.
 * The process keeps its contract: nothing before it started, at most one chunk after it was paused.
 */
export async function playSession(
  actions: readonly Action[],
  options: ModelOptions,
): Promise<ModelRun> {
  const world = makeWorld(options)
  for (const action of [...actions, ...farewell]) await play(world, action)
  return { ...world.result(), outcome: await world.ended() }
}

/** Everybody answers what is owed; then the session has to end. */
const farewell: readonly Action[] = [
  { type: 'unblock' },
  { type: 'read', isReading: true },
  { type: 'refuse' },
  { type: 'take', byteCount: 1_000_000 },
  { type: 'take', byteCount: 1_000_000 },
  { type: 'exit' },
  { type: 'endOutput', output: 'stdout' },
  { type: 'endOutput', output: 'stderr' },
  { type: 'clientClose' },
]

type World = ReturnType<typeof makeWorld>

function makeWorld(options: ModelOptions) {
  const pair = memoryChannelPair({
    parameters: {
      localWindowBytes: options.isWindowWithheld ? 0 : options.localWindowBytes,
      localMaximumWindowBytes: options.localWindowBytes,
      localMaximumPacketBytes: options.localPacketBytes,
      remoteWindowBytes: options.remoteWindowBytes,
      remoteMaximumPacketBytes: options.remotePacketBytes,
    },
  })
  const process = scriptedProcess({ isReading: false })
  const clock = manualClock()
  const decisions: {
    readonly resolve: (decision: Awaited<Decision>) => void
    readonly reject: (error: Error) => void
  }[] = []
  const seen = { largestUnwrittenBytes: 0, largestHeldInputBytes: 0 }
  const session = runSession(
    pair.server,
    { exec: () => new Promise((resolve, reject) => decisions.push({ resolve, reject })) },
    {
      scheduler: clock.scheduler,
      outputHighWaterMarkBytes: options.highWaterMarkBytes,
      outputLowWaterMarkBytes: Math.floor(options.highWaterMarkBytes / 2),
      tap: ({ state }) => noteLargest(seen, state),
    },
  )
  const client = testClient(pair.client)
  const typed: Uint8Array[] = []
  const printed: Record<OutputName, Uint8Array[]> = { stdout: [], stderr: [] }
  const flags = {
    isExited: false,
    isInputClosed: false,
    isInFlightUsed: false,
    takenBytes: 0,
    hasEnded: { stdout: false, stderr: false },
    isUndisturbed: true,
    isReplyOwed: true,
  }
  const wanted: (boolean | null)[] = []
  let next = 0
  return {
    pair,
    process,
    clock,
    session,
    client,
    decisions,
    flags,
    wanted,
    typed,
    printed,
    /** Bytes that differ from their neighbours, so that a swap or a repeat is seen; and are no ASCII, as lines are. */
    fresh: (byteCount: number): Uint8Array =>
      Uint8Array.from({ length: byteCount }, () => 128 + (next = (next + 1) % 127)),
    has: (type: ProcessCommand['type']) =>
      process.commands.some((command) => command.type === type),
    isPaused: () => {
      const flow = process.commands.filter(({ type }) => /pause|resume/.test(type))
      return flow.at(-1)?.type === 'process.pauseOutput'
    },
    ended: () => Promise.race([session.outcome, neverEnded()]),
    result: () => ({
      sent: pair.serverTransport.sent,
      clientSent: pair.clientTransport.sent,
      commands: process.commands,
      printed: { stdout: joinBytes(printed.stdout), stderr: joinBytes(printed.stderr) },
      received: {
        stdout: client.stdoutBytes(),
        stderr: client.stderrBytes().filter((byte) => byte >= 128),
      },
      typed: joinBytes(typed),
      replies: client.replies,
      wanted,
      isUndisturbed: flags.isUndisturbed,
      isReplyOwed: flags.isReplyOwed,
      ...seen,
    }),
  }
}

async function neverEnded(): Promise<never> {
  for (let turn = 0; turn < 5; turn += 1) await settled()
  throw new Error('the session got every answer, and did not end')
}

function noteLargest(
  seen: { largestUnwrittenBytes: number; largestHeldInputBytes: number },
  state: SessionState,
): void {
  if (state.phase === 'ended') return
  const deferredBytes = toArray(state.deferred).reduce(
    (sum, event) => sum + (event.type === 'channel.dataReceived' ? event.bytes.length : 0),
    0,
  )
  const heldBytes = state.input.pendingBytes + deferredBytes
  seen.largestUnwrittenBytes = Math.max(seen.largestUnwrittenBytes, state.output.unwrittenBytes)
  seen.largestHeldInputBytes = Math.max(seen.largestHeldInputBytes, heldBytes)
}

async function play(world: World, action: Action): Promise<void> {
  playClient(world, action)
  playProcess(world, action)
  playRest(world, action)
  if (['accept', 'refuse', 'fail'].includes(action.type)) await settled()
}

function playClient({ client, wanted, flags, typed, fresh }: World, action: Action): void {
  const data = new Uint8Array()
  // A channel that is closed takes no requests, and owes no replies.
  if (client.has('channel.closeReceived') && action.type !== 'clientClose') return
  switch (action.type) {
    case 'exec':
      wanted.push(null)
      return client.exec('cat')
    case 'unknown':
      wanted.push(false)
      return client.request({ name: 'unknown', requestType: 'x@y', data })
    case 'env':
      // Taken before a program was asked for, and refused afterwards.
      wanted.push(wanted.includes(null) ? null : true)
      return client.request({ name: 'env', variable: 'LANG', value: 'C', valueBytes: data })
    case 'signal':
      wanted.push(null)
      return client.request({ name: 'signal', signal: 'TERM' })
    case 'send': {
      const bytes = fresh(action.byteCount)
      typed.push(bytes)
      return client.send(bytes)
    }
    case 'clientEof':
      return client.eof()
    case 'clientClose':
      if (!client.has('channel.closeReceived')) {
        flags.isUndisturbed = false
        flags.isReplyOwed = false
      }
      return client.close()
    case 'read':
      return client.setReading(action.isReading)
  }
}

function playProcess(world: World, action: Action): void {
  const { process, flags } = world
  if (!world.has('process.start')) return
  switch (action.type) {
    case 'print':
      return print(world, action.output, action.byteCount)
    case 'take':
      return take(world, action.byteCount)
    case 'endOutput':
      flags.hasEnded[action.output] = true
      return process.endOutputs(action.output)
    case 'inputClosed':
      flags.isInputClosed = true
      return process.emit({ type: 'process.inputClosed' })
    case 'exit':
    case 'exitTwice':
      if (flags.isExited && action.type === 'exit') return
      flags.isExited = true
      return process.exit(3)
  }
}

/** A paused process may have one chunk in flight. */
function print(world: World, output: OutputName, byteCount: number): void {
  const { flags, printed, process, fresh } = world
  if (flags.hasEnded[output] || (world.isPaused() && flags.isInFlightUsed)) return
  flags.isInFlightUsed = world.isPaused()
  const bytes = fresh(byteCount)
  printed[output].push(bytes)
  process.emit({ type: 'process.output', output, bytes })
}

function take({ process, flags }: World, most: number): void {
  if (flags.isInputClosed) return
  const byteCount = Math.min(most, sumOf(process.commands) - flags.takenBytes)
  if (byteCount === 0) return
  flags.takenBytes += byteCount
  process.emit({ type: 'process.inputWritten', byteCount })
}

function sumOf(commands: readonly ProcessCommand[]): number {
  return commands.reduce(
    (sum, command) => sum + (command.type === 'process.write' ? command.bytes.length : 0),
    0,
  )
}

function playRest(
  { pair, clock, session, decisions, flags, process }: World,
  action: Action,
): void {
  switch (action.type) {
    case 'accept':
      return decisions.shift()?.resolve(process)
    case 'refuse':
      return decisions.shift()?.resolve(refuse('no'))
    case 'fail':
      return decisions.shift()?.reject(new Error('bug'))
    case 'block':
      return pair.serverTransport.block()
    case 'unblock':
      return pair.serverTransport.unblock()
    case 'lose':
      flags.isUndisturbed = false
      flags.isReplyOwed = false
      return pair.clientTransport.lose('reset')
    case 'ownerClose':
      flags.isUndisturbed = false
      void session.close()
      return
    case 'wait':
      return clock.advance(action.milliseconds)
  }
}
