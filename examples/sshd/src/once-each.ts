import type { Log } from './log'

/** A log that is told nothing twice. */
export function onceEach(log: Log): Log {
  const told = new Set<string>()
  return (line) => {
    if (!told.has(line)) log(line)
    told.add(line)
  }
}
