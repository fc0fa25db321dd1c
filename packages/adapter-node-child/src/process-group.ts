import { constants } from 'node:os'
import process from 'node:process'

const signalNumbers: ReadonlyMap<string, number> = new Map(Object.entries(constants.signals))

/**
 * Sends a signal, named without `SIG`, to every process of a group; a name this platform does not have is ignored.
 *
 * The caller must know that the leader of the group was not reaped: afterwards its number can belong to anyone.
 */
export function signalProcessGroup(leaderPid: number, signal: string): void {
  const signalNumber = signalNumbers.get(`SIG${signal}`)
  if (signalNumber === undefined) return
  try {
    process.kill(-leaderPid, signalNumber)
  } catch {
    // The group is dead and not yet reaped (ESRCH), or became another user (EPERM): a port has no fact for either.
  }
}
