import { readFileSync } from 'node:fs'

/** Waits, bounded, until a process that is not our child is gone or waits to be reaped. */
export async function hasEnded(pid: number): Promise<void> {
  const deadline = Date.now() + waitMs
  while (isRunning(pid)) {
    if (Date.now() > deadline) throw new Error(`process ${pid} still runs`)
    await new Promise((resolve) => setTimeout(resolve, pollMs))
  }
}

function isRunning(pid: number): boolean {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'latin1')
    return text[text.lastIndexOf(')') + 2] !== 'Z'
  } catch {
    return false
  }
}

const waitMs = 60_000
const pollMs = 10
