import type { DisconnectPolicy } from '@hawse/core'
import { setTimeout as delay } from 'node:timers/promises'
import { endingDelays } from '../server-plan'
import { isMarkValid } from './program-mark'
import type { ProgramMark } from './worker-messages'

/**
 * Does for programs whose worker is gone what the policy says of a lost client. The kernel has closed their pipes and
 * hung up their terminals by then. Resolves when the last signal was sent.
 */
export async function endOrphans(
  programs: readonly ProgramMark[],
  policy: DisconnectPolicy,
): Promise<void> {
  if (policy === 'sshd') return
  const hungUp = signalGroups(programs, 'SIGHUP')
  if (policy === 'hangUp' || hungUp.length === 0) return
  await delay(endingDelays.terminateDelayMs)
  const terminated = signalGroups(hungUp, 'SIGTERM')
  if (terminated.length === 0) return
  await delay(endingDelays.killDelayMs)
  signalGroups(terminated, 'SIGKILL')
}

/** Gives those that were still there. */
function signalGroups(
  programs: readonly ProgramMark[],
  signal: NodeJS.Signals,
): readonly ProgramMark[] {
  return programs.filter((program) => isMarkValid(program) && isSent(program.processId, signal))
}

function isSent(processGroup: number, signal: NodeJS.Signals): boolean {
  try {
    return process.kill(-processGroup, signal)
  } catch {
    return false
  }
}
