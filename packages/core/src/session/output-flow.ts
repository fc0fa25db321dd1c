import type { OutputName } from '../ports/process-port'
import { encodeUtf8 } from '../platform/text'
import type { SessionCommand } from './session-command'
import { withFlow, type Common, type Live, type OutputFlow, type StepWithin } from './session-state'
import { addTraffic, type Traffic } from './session-outcome'

/** Extended data type of stderr: SSH_EXTENDED_DATA_STDERR (RFC 4254 section 5.2). */
const stderrDataType = 1

/**
 * Hands output bytes to the channel, and pauses whoever writes them when too much waits there.
 * An empty chunk is nothing.
 */
export function handOutput<State extends Live>(
  state: State,
  output: OutputName,
  bytes: Uint8Array,
): StepWithin<State> {
  if (bytes.length === 0) return [state, []]
  const unwrittenBytes = state.output.unwrittenBytes + bytes.length
  const traffic = countOutput(state.traffic, output, bytes.length)
  const send = sendCommand(output, bytes)
  const isOver = unwrittenBytes > state.settings.outputHighWaterMarkBytes
  if (state.output.phase === 'paused' || !isOver) {
    return [withFlow(state, { traffic, output: withUnwritten(state, unwrittenBytes) }), [send]]
  }
  return [
    withFlow(state, { traffic, output: { phase: 'paused', unwrittenBytes } }),
    [send, ...pauseCommands(state)],
  ]
}

/** Notes that the transport took, or the channel dropped, bytes handed to it; resumes writers when few are left. */
export function settleOutput<State extends Live>(
  state: State,
  byteCount: number,
): StepWithin<State> {
  const unwrittenBytes = Math.max(0, state.output.unwrittenBytes - byteCount)
  const isLow = unwrittenBytes <= state.settings.outputLowWaterMarkBytes
  const pull = isLow && isPull(state) ? [resumeProducer] : []
  if (state.output.phase === 'flowing' || !isLow) {
    return [withFlow(state, { output: withUnwritten(state, unwrittenBytes) }), pull]
  }
  return [
    withFlow(state, { output: { phase: 'flowing', unwrittenBytes } }),
    [...(hasProcess(state) ? [resumeProcess] : []), ...resumeProducers(state)],
  ]
}

/** One line for the user on stderr. */
export function handLine<State extends Live>(state: State, message: string): StepWithin<State> {
  const line = message.replace(/[\r\n]+/g, ' ')
  return handOutput(state, 'stderr', encodeUtf8(`${line}${state.lineEnd}`))
}

/** Counts output that could not be sent. */
export function dropOutput<State extends Common>(state: State, byteCount: number): State {
  const droppedOutputBytes = state.traffic.droppedOutputBytes + byteCount
  return { ...state, traffic: { ...state.traffic, droppedOutputBytes } }
}

/** Asks the process to wait until output was taken. */
export const pauseProcess: SessionCommand = { type: 'process.pauseOutput' }
const resumeProcess: SessionCommand = { type: 'process.resumeOutput' }
const resumeProducer: SessionCommand = { type: 'producer.resume' }

function pauseCommands(state: Live): readonly SessionCommand[] {
  const process: readonly SessionCommand[] = hasProcess(state) ? [pauseProcess] : []
  // A pull producer is not running: it writes when it is asked to, and will not be asked.
  return isPush(state) ? [...process, { type: 'producer.pause' }] : process
}

function resumeProducers(state: Live): readonly SessionCommand[] {
  return isPush(state) || isPull(state) ? [resumeProducer] : []
}

function isPush(state: Common): boolean {
  return state.producer === 'push' || state.producer === 'lastPush'
}

function isPull(state: Common): boolean {
  return state.producer === 'pull' || state.producer === 'lastPull'
}

function hasProcess(state: Live): boolean {
  return state.phase === 'running' || state.phase === 'draining'
}

function withUnwritten({ output }: Common, unwrittenBytes: number): OutputFlow {
  return { phase: output.phase, unwrittenBytes }
}

function sendCommand(output: OutputName, bytes: Uint8Array): SessionCommand {
  return output === 'stdout'
    ? { type: 'channel.sendData', bytes }
    : { type: 'channel.sendExtendedData', dataType: stderrDataType, bytes }
}

function countOutput(traffic: Traffic, output: OutputName, byteCount: number): Traffic {
  return addTraffic(traffic, output === 'stdout' ? 'stdoutBytes' : 'stderrBytes', byteCount)
}
