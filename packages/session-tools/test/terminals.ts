import * as nodePty from '@lydell/node-pty'
import type { NodePty } from '@hawse/adapter-node-pty'

/** Opens terminals. Given by hand, for a package that is loaded as built cannot load another under jest; `open` is not in its types. */
export const terminals = nodePty as unknown as NodePty
