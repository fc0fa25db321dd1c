import { emptyQueue, pushBytes, toArray, type ByteItems } from '../channel/queue'
import type { SessionCommand } from './session-command'
import { addTraffic } from './session-outcome'
import { withFlow, type Common, type InputFlow, type Live, type StepWithin } from './session-state'

/**
 * Bytes given to the process and not yet taken from which on more are held, where short pieces are joined: 1 KiB.
 * So a client that sends a byte at a time costs a process that does not read 1024 writes, and not one for each byte.
 */
const enoughBytes = 1024

const chunks: ByteItems<Uint8Array> = { bytesOf: (chunk) => chunk, make: (bytes) => bytes }

/** Gives client data to the process, when it can use them; what it reads no more is consumed and dropped (sshd). */
export function writeInput<State extends Live>(state: State, bytes: Uint8Array): StepWithin<State> {
  if (bytes.length === 0) return [state, []]
  if (state.input.phase !== 'open') return dropInput(state, bytes.length)
  const { held, heldBytes } = state.input
  const pendingBytes = state.input.pendingBytes + bytes.length
  if (givenBytes(state) < enoughBytes) {
    return [withFlow(state, { input: withPending(state, pendingBytes) }), [writeCommand(bytes)]]
  }
  const input: InputFlow = {
    phase: 'open',
    pendingBytes,
    held: pushBytes(held, bytes, chunks),
    heldBytes: heldBytes + bytes.length,
  }
  return [withFlow(state, { input }), []]
}

/** Gives the process all that was held. */
export function flushInput<State extends Common>(
  state: State,
): readonly [State, readonly SessionCommand[]] {
  return [releaseHeld(state), heldWrites(state)]
}

function heldWrites({ input }: Common): readonly SessionCommand[] {
  return toArray(input.held).map(writeCommand)
}

/** Forgets what was held, for a process that can be given nothing; the bytes stay pending, as those it had. */
export function releaseHeld<State extends Common>(state: State): State {
  return state.input.heldBytes === 0 ? state : { ...state, input: withoutHeld(state) }
}

function withoutHeld({ input: { phase, pendingBytes } }: Common): InputFlow {
  return { phase, pendingBytes, held: emptyQueue(), heldBytes: 0 }
}

/** Notes that the process took input: only now may the client send as much again. */
export function settleInput<State extends Live>(
  state: State,
  byteCount: number,
): StepWithin<State> {
  const taken = Math.min(byteCount, state.input.pendingBytes)
  const traffic = addTraffic(state.traffic, 'stdinBytes', taken)
  const input = withPending(state, state.input.pendingBytes - taken)
  const settled = withFlow(state, { traffic, input })
  if (settled.input.heldBytes === 0 || givenBytes(settled) >= enoughBytes) {
    return [settled, grant(taken)]
  }
  const flushed = withFlow(settled, { input: withoutHeld(settled) })
  return [flushed, [...grant(taken), ...heldWrites(settled)]]
}

/** Notes that the process reads no more: what it had not taken is dropped and given back to the client. */
export function closeInput<State extends Live>(state: State): StepWithin<State> {
  const { pendingBytes } = state.input
  const closed = countDropped({ ...state, input: closedInput }, pendingBytes)
  return [closed, [...grant(pendingBytes), ...endOfWrite(state)]]
}

/** Consumes input that goes nowhere, so that the client is never stuck sending it. */
export function dropInput<State extends Live>(state: State, byteCount: number): StepWithin<State> {
  return [countDropped(state, byteCount), grant(byteCount)]
}

/** Counts input that no process took. */
export function countDropped<State extends Common>(state: State, byteCount: number): State {
  const droppedInputBytes = state.traffic.droppedInputBytes + byteCount
  return { ...state, traffic: { ...state.traffic, droppedInputBytes } }
}

/** Input of a process that reads no more. */
export const closedInput: InputFlow = {
  phase: 'closed',
  pendingBytes: 0,
  held: emptyQueue(),
  heldBytes: 0,
}

function withPending({ input }: Common, pendingBytes: number): InputFlow {
  const { phase, held, heldBytes } = input
  return { phase, pendingBytes, held, heldBytes }
}

function givenBytes({ input }: Common): number {
  return input.pendingBytes - input.heldBytes
}

function writeCommand(bytes: Uint8Array): SessionCommand {
  return { type: 'process.write', bytes }
}

function grant(byteCount: number): readonly SessionCommand[] {
  return byteCount > 0 ? [{ type: 'channel.grant', byteCount }] : []
}

/** OpenSSH peers that may still send are told that nobody reads (OpenSSH PROTOCOL section 2.1). */
function endOfWrite(state: Common): readonly SessionCommand[] {
  const isOpenSsh = state.settings.peerSoftware.startsWith('OpenSSH')
  if (state.input.phase !== 'open' || !isOpenSsh) return []
  return [{ type: 'channel.sendRequest', request: { name: 'eow@openssh.com' }, wantsReply: false }]
}
