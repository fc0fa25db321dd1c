import { readFileSync } from 'node:fs'
import type { ProgramMark } from './worker-messages'

/** Marks a program that runs. */
export function programMark(processId: number): ProgramMark {
  return { processId, startTime: startTimeOf(processId) }
}

/**
 * Whether the number still means this program, or its process group where it has ended itself: no other process gets
 * the number as long as the group has members.
 */
export function isMarkValid({ processId, startTime }: ProgramMark): boolean {
  const now = startTimeOf(processId)
  return now === undefined || startTime === undefined || now === startTime
}

/** Field 22 of /proc/PID/stat (proc(5)), counted from behind the name, which may hold anything. */
function startTimeOf(processId: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${processId}/stat`, 'utf8')
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]
  } catch {
    return undefined
  }
}
