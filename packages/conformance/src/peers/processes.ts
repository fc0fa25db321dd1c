import { execFileSync } from 'node:child_process'

/** Whether a process runs whose arguments, joined by spaces, are exactly these. */
export function isRunning(commandLine: string): boolean {
  const rows = execFileSync('ps', ['-e', '-w', '-w', '-o', 'args='], { encoding: 'utf8' })
  return rows.split('\n').some((row) => row.trim() === commandLine)
}
