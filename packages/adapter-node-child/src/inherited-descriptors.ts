import { readdirSync, readFileSync } from 'node:fs'
import { unsharedDescriptors } from '@hawse/core'

const closeOnExec = 0o2000000

let isDone = false

/**
 * Keeps from all programs what this process was itself started with beside its standard streams: a listening socket of
 * a service manager, the log of a supervisor. Node sets close-on-exec on those next to the standard streams and hands on
 * what lies above a gap.
 *
 * Looks once, when the first program starts; where there is no /proc nothing is kept back.
 */
export function withholdInheritedDescriptors(): void {
  if (isDone) return
  isDone = true
  for (const descriptor of openDescriptors()) {
    if (descriptor > 2 && isHandedOn(descriptor)) unsharedDescriptors.add(descriptor)
  }
}

function openDescriptors(): readonly number[] {
  try {
    return readdirSync('/proc/self/fd').map(Number)
  } catch {
    return []
  }
}

/** The descriptor that lists the others is gone by now. */
function isHandedOn(descriptor: number): boolean {
  try {
    const flags = /^flags:\s*([0-7]+)$/m.exec(
      readFileSync(`/proc/self/fdinfo/${descriptor}`, 'utf8'),
    )
    return flags !== null && (Number.parseInt(flags[1] ?? '', 8) & closeOnExec) === 0
  } catch {
    return false
  }
}
