import type { OutputName, ProcessCommand } from '../../src/ports/process-port'
import { toArray } from '../../src/channel/queue'
import type { SessionState } from '../../src/session/session-state'
import { runSession } from '../../src/streams/run-session'
import type { SessionResult } from '../../src/streams/session-driver'
import type { Decision } from '../../src/streams/session-handlers'
import { manualClock } from '../../src/testing/manual-clock'
import { memoryChannelPair } from '../../src/testing/memory-channel'
import { scriptedProcess } from '../../src/testing/scripted-process'
import type { ChannelMessage } from '../../src/wire/channel-message'
import { settled } from './test-bench'
import { joinBytes, testClient } from './test-client'

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

/** Everybody around a session. */
export type World = ReturnType<typeof makeWorld>

/** Sets everybody up around a session in memory. */
export function makeWorld(options: ModelOptions) {
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
    isOwnerClosed: false,
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
