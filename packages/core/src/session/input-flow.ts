import type { SessionCommand } from './session-command'
import type { Common, Live, StepWithin } from './session-state'

/** Gives client data to the process; what it reads no more is consumed and dropped (sshd). */
export function writeInput<State extends Live>(state: State, bytes: Uint8Array): StepWithin<State> {
  if (state.input.phase !== 'open') return dropInput(state, bytes.length)
  const pendingBytes = state.input.pendingBytes + bytes.length
  return [{ ...state, input: { ...state.input, pendingBytes } }, [{ type: 'process.write', bytes }]]
}

/** Notes that the process took input: only now may the client send as much again. */
export function settleInput<State extends Live>(
  state: State,
  byteCount: number,
): StepWithin<State> {
  const taken = Math.min(byteCount, state.input.pendingBytes)
  const stdinBytes = state.traffic.stdinBytes + taken
  const pendingBytes = state.input.pendingBytes - taken
  return [
    {
      ...state,
      traffic: { ...state.traffic, stdinBytes },
      input: { ...state.input, pendingBytes },
    },
    grant(taken),
  ]
}

/** Notes that the process reads no more: what it had not taken is dropped and given back to the client. */
export function closeInput<State extends Live>(state: State): StepWithin<State> {
  const { pendingBytes } = state.input
  const closed = countDropped(
    { ...state, input: { phase: 'closed', pendingBytes: 0 } as const },
    pendingBytes,
  )
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

function grant(byteCount: number): readonly SessionCommand[] {
  return byteCount > 0 ? [{ type: 'channel.grant', byteCount }] : []
}

/** OpenSSH peers that may still send are told that nobody reads (OpenSSH PROTOCOL section 2.1). */
function endOfWrite(state: Common): readonly SessionCommand[] {
  const isOpenSsh = state.settings.peerSoftware.startsWith('OpenSSH')
  if (state.input.phase !== 'open' || !isOpenSsh) return []
  return [{ type: 'channel.sendRequest', request: { name: 'eow@openssh.com' }, wantsReply: false }]
}
