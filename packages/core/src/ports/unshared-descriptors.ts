/**
 * File descriptors of this process that the kernel would pass on to children, and that no child may have: the
 * master sides of terminals, which node-pty opens without close-on-exec.
 *
 * Who opens such a descriptor adds it and takes it out when it is closed; who starts a child masks it. One set
 * for the whole process, also where this package is loaded twice.
 */
export const unsharedDescriptors: Set<number> = sharedSet()

/**
 * The standard streams for a child, extended so that each unshared descriptor is replaced by `mask` (a descriptor
 * of /dev/null) in the child. Positions that need nothing hold `ignore`. Returns `stdio` itself when there is
 * nothing to mask.
 */
export function maskUnsharedDescriptors<Entry>(
  stdio: readonly Entry[],
  mask: Entry,
  ignore: Entry,
): readonly Entry[] {
  const masked = [...unsharedDescriptors].filter((descriptor) => descriptor >= stdio.length)
  if (masked.length === 0) return stdio
  const length = Math.max(...masked) + 1
  const entries = Array.from({ length }, (_, index) => stdio[index] ?? ignore)
  for (const descriptor of masked) entries[descriptor] = mask
  return entries
}

function sharedSet(): Set<number> {
  const key = Symbol.for('@hawse/unshared-descriptors')
  const holder = globalThis as unknown as Record<symbol, Set<number> | undefined>
  return (holder[key] ??= new Set<number>())
}
