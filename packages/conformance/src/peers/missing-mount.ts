import { accessSync, constants, readFileSync } from 'node:fs'

const systemAdministration = 1n << 21n

/** Why file systems of programs cannot be mounted here; undefined where they can. */
export function missingMountReason(): string | undefined {
  try {
    accessSync('/dev/fuse', constants.R_OK | constants.W_OK)
  } catch {
    return 'no file system can be mounted: /dev/fuse is not to be opened'
  }
  const isRoot = process.getuid?.() === 0
  if (!isRoot || (effectiveCapabilities() & systemAdministration) !== 0n) return undefined
  return 'no file system can be mounted: root lacks CAP_SYS_ADMIN, as in a container without it'
}

function effectiveCapabilities(): bigint {
  const digits = /^CapEff:\s*([0-9a-f]+)$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]
  return BigInt(`0x${digits ?? '0'}`)
}
