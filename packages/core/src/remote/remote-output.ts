import { fromArray, pop, pushBytes, toArray, type ByteItems } from '../channel/queue'
import type { OutputName } from '../ports/process-port'
import type { RemoteOutput } from './remote-event'
import type { HeldOutput, RemoteCommon, RemoteOutputs } from './remote-state'

/** A state that has output, and what is to be said. */
export type OutputStep<State extends RemoteCommon> = readonly [State, readonly RemoteOutput[]]

/** SSH_EXTENDED_DATA_STDERR (RFC 4254 section 5.2). */
const standardErrorType = 1

/** Which output a data type means; a terminal shows all on one. `undefined` for types that nobody knows. */
export function outputOf({ terminalSize }: RemoteCommon, dataType: number): OutputName | undefined {
  if (dataType === 0) return 'stdout'
  if (dataType !== standardErrorType) return undefined
  return terminalSize === null ? 'stderr' : 'stdout'
}

/** Passes output on, or holds it while it is paused, or consumes what nobody wants. */
export function receiveOutput<State extends RemoteCommon>(
  state: State,
  dataType: number,
  bytes: Uint8Array,
): OutputStep<State> {
  const output = outputOf(state, dataType)
  const { outputs } = state
  if (output === undefined || outputs[output] !== 'open') return [state, grant(bytes.length)]
  if (outputs.flow === 'flowing' && outputs.held.length === 0) {
    return [state, passOn({ output, bytes })]
  }
  const held = pushBytes(outputs.held, bytes, heldOf(output))
  return [withOutputs(state, { held }), []]
}

/** Passes one held piece on, and asks for the next turn. */
export function deliverHeld<State extends RemoteCommon>(state: State): OutputStep<State> {
  const taken = state.outputs.flow === 'flowing' ? pop(state.outputs.held) : undefined
  if (taken === undefined) return [state, []]
  const [piece, held] = taken
  const [ended, ends] = endWhenDrained(withOutputs(state, { held }))
  return [ended, [...passOn(piece), ...nextTurn(ended), ...ends]]
}

/** Lets output flow; what is held comes first, piece by piece. */
export function resumeOutput<State extends RemoteCommon>(state: State): OutputStep<State> {
  if (state.outputs.flow === 'flowing') return [state, []]
  const flowing = withOutputs(state, { flow: 'flowing' })
  return [flowing, nextTurn(flowing)]
}

/** Holds output from now on. */
export function pauseOutput<State extends RemoteCommon>(state: State): OutputStep<State> {
  return [withOutputs(state, { flow: 'paused' }), []]
}

/** Notes that the server sends no more, and tells nothing yet. */
export function noteEndOfSource<State extends RemoteCommon>(state: State): OutputStep<State> {
  return [withOutputs(state, { source: 'ended' }), []]
}

/** The server sends no more; the ends are told behind what is held. */
export function endSource<State extends RemoteCommon>(state: State): OutputStep<State> {
  return endWhenDrained(withOutputs(state, { source: 'ended' }))
}

/** Ends an output that nobody wants any more; what is held of it is consumed. */
export function cutOutput<State extends RemoteCommon>(
  state: State,
  output: OutputName,
): OutputStep<State> {
  if (state.outputs[output] !== 'open') return [state, []]
  const pieces = toArray(state.outputs.held)
  const held = fromArray(pieces.filter((piece) => piece.output !== output))
  const droppedBytes = pieces.reduce(
    (sum, piece) => sum + (piece.output === output ? piece.bytes.length : 0),
    0,
  )
  const cut = withOutputs(state, { held, [output]: 'cut' })
  const [ended, ends] = endWhenDrained(cut)
  return [ended, [...grant(droppedBytes), { type: 'process.outputEnded', output }, ...ends]]
}

/** Ends every output at once; what is held goes nowhere. */
export function endOutputs(state: RemoteCommon): readonly RemoteOutput[] {
  return openOutputs(state.outputs).map((output) => ({ type: 'process.outputEnded', output }))
}

/** Outputs whose end was not told, of those that the program has. */
export function openOutputs(outputs: RemoteOutputs): readonly OutputName[] {
  return outputNames.filter((output) => outputs[output] === 'open')
}

/** What a server has told the user before it answered: standard error, or what a terminal shows. */
export function heldNotice({ outputs, terminalSize }: RemoteCommon): readonly Uint8Array[] {
  const shown = terminalSize === null ? 'stderr' : 'stdout'
  return toArray(outputs.held).flatMap(({ output, bytes }) => (output === shown ? [bytes] : []))
}

const outputNames: readonly OutputName[] = ['stdout', 'stderr']

/** Tells the ends of the outputs once nothing more can come. */
export function endWhenDrained<State extends RemoteCommon>(state: State): OutputStep<State> {
  const { source, held } = state.outputs
  if (source === 'open' || held.length > 0) return [state, []]
  return [withOutputs(state, { stdout: 'ended', stderr: 'ended' }), endOutputs(state)]
}

function nextTurn({ outputs }: RemoteCommon): readonly RemoteOutput[] {
  return outputs.held.length > 0 ? [{ type: 'remote.deliverNext' }] : []
}

/** Credit is given for output that was passed on: whoever takes it can pause. */
function passOn({ output, bytes }: HeldOutput): readonly RemoteOutput[] {
  return [{ type: 'process.output', output, bytes }, ...grant(bytes.length)]
}

function grant(byteCount: number): readonly RemoteOutput[] {
  return byteCount > 0 ? [{ type: 'channel.grant', byteCount }] : []
}

function withOutputs<State extends RemoteCommon>(
  state: State,
  changes: Partial<RemoteOutputs>,
): State {
  return { ...state, outputs: { ...state.outputs, ...changes } }
}

function heldOf(output: OutputName): ByteItems<HeldOutput> {
  return {
    bytesOf: (piece) => (piece.output === output ? piece.bytes : undefined),
    make: (bytes) => ({ output, bytes }),
  }
}
