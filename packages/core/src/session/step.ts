import type { SessionCommand } from './session-command'
import type { Live, SessionState } from './session-state'

/** Continues a step: what the second part asks for comes after what the first part asked for. */
export function then<State extends Live, Next extends SessionState>(
  [state, commands]: readonly [State, readonly SessionCommand[]],
  next: (state: State) => readonly [Next, readonly SessionCommand[]],
): readonly [Next, readonly SessionCommand[]] {
  const [after, more] = next(state)
  return [after, more.length === 0 ? commands : [...commands, ...more]]
}
