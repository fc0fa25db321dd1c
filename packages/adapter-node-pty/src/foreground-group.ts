import { readFileSync } from 'node:fs'

/**
 * Sends a signal to the foreground process group of the terminal whose session leader is `leaderPid`,
 * or to the leader's own group where the system does not tell. Name without `SIG`.
 *
 * A name that the platform does not know and a group that is gone are ignored.
 */
export function signalForegroundGroup(leaderPid: number, signal: string): void {
  try {
    process.kill(-foregroundGroup(leaderPid), `SIG${signal}`)
  } catch {
    // Unknown name, nobody left, or no permission: a signal is a wish.
  }
}

function foregroundGroup(leaderPid: number): number {
  const group = statusFields(leaderPid)[foregroundGroupField]
  const groupId = Number(group)
  return groupId > 1 ? groupId : leaderPid
}

/** Fields of /proc/PID/stat after the program's name, which may hold spaces and parentheses itself. */
function statusFields(pid: number): readonly string[] {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'latin1')
    return text.slice(text.lastIndexOf(')') + 2).split(' ')
  } catch {
    return []
  }
}

/** `tpgid`, the eighth field; the name is the second. */
const foregroundGroupField = 5
