import { execFileSync } from 'node:child_process'

/** Whether a process runs whose arguments, joined by spaces, are exactly these. */
export function isRunning(commandLine: string): boolean {
  const rows = execFileSync('ps', ['-e', '-w', '-w', '-o', 'args='], { encoding: 'utf8' })
  return rows.split('\n').some((row) => row.trim() === commandLine)
}

/**
 * Kills the process, or for a negative number the process group, whose number a program printed.
 *
 * Throws where the text is no such number: an empty one would read as 0, which is the group of whoever asks.
 */
export function killPrinted(text: string): void {
  const processId = Number(text)
  if (!Number.isInteger(processId) || Math.abs(processId) <= 1) {
    throw new Error(`the program printed ${JSON.stringify(text)}, expected a process number`)
  }
  process.kill(processId, 'SIGKILL')
}
