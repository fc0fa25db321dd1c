import { ownProcessIds, residentBytes } from './process-tree'

/** Watches how much memory a server takes on. */
export interface MemoryWatch {
  /** Most resident bytes of the server's own processes so far, less what they had at first. */
  readonly growthBytes: () => number
  readonly stop: () => void
}

const sampleMs = 20

/** Begins to watch the processes that a server has now. */
export function watchMemory(processId: number): MemoryWatch {
  const processIds = ownProcessIds(processId)
  const firstBytes = residentBytes(processIds)
  let mostBytes = firstBytes
  const look = (): void => {
    mostBytes = Math.max(mostBytes, residentBytes(processIds))
  }
  const timer = setInterval(look, sampleMs)
  return {
    growthBytes: () => {
      look()
      return mostBytes - firstBytes
    },
    stop: () => clearInterval(timer),
  }
}
