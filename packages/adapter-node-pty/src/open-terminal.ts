import { closeSync, constants, fstatSync, openSync, readdirSync, statSync } from 'node:fs'
import type { ReadStream } from 'node:tty'
import { HawseError, unsharedDescriptors } from '@hawse/core'
import type { NodePty, NodePtyTerminal } from './node-pty'
import type { TerminalDimensions } from './terminal-dimensions'

/** A pseudo-terminal that is ours: nothing else reads it, and closing it leaves no descriptor. */
export interface OpenTerminal {
  /** Device name of the slave side, for example `/dev/pts/3`. */
  readonly name: string
  /** Reads the master side; paused. Destroying it closes the master. */
  readonly master: ReadStream
  /** Descriptor of the master side, non-blocking. */
  readonly masterFd: number
  /**
   * Descriptor of the slave side, close-on-exec. While it is open, reading the master never fails
   * with EIO, whatever the program does with its own descriptors.
   */
  readonly slaveFd: number
  /** Sets the window size; ignored once the terminal is closed. */
  resize(size: TerminalDimensions): void
  /** Hangs the terminal up and closes both sides. Harmless when repeated. */
  close(): void
}

/**
 * Opens a pseudo-terminal with node-pty and undoes what its `open` does too much.
 *
 * node-pty 1.x (and @lydell/node-pty 1.1.0, the same code) reads from *both* sides, which takes input away
 * from the program; its 'error' listener throws; and where libuv re-opens the slave under a new number, the
 * first number stays open for good. node-pty's `spawn` is not used: it drops output that is unread 200 ms
 * after exit, and has neither terminal modes nor argv[0].
 *
 * Throws `UNSUPPORTED_NODE_PTY` when a member is missing, or what node-pty throws when no terminal is left.
 */
export function openTerminal(nodePty: NodePty, size: TerminalDimensions): OpenTerminal {
  const terminal: Partial<NodePtyTerminal> = nodePty.open({
    cols: size.columns,
    rows: size.rows,
    encoding: null,
  })
  try {
    requireMembers(terminal)
    takeOver(terminal.master)
    keepFromChildren(terminal)
    const opened = createTerminal(terminal, replaceSlave(terminal))
    opened.resize(size)
    return opened
  } catch (error) {
    terminal.master?.destroy()
    terminal.slave?.destroy()
    throw error
  }
}

function requireMembers(terminal: Partial<NodePtyTerminal>): asserts terminal is NodePtyTerminal {
  const missing = Object.entries({
    master: typeof terminal.master?.destroy === 'function',
    slave: typeof terminal.slave?.destroy === 'function',
    fd: typeof terminal.fd === 'number',
    ptsName: typeof terminal.ptsName === 'string',
    resize: typeof terminal.resize === 'function',
  }).flatMap(([member, isThere]) => (isThere ? [] : [member]))
  if (missing.length === 0) return
  throw new HawseError(
    'UNSUPPORTED_NODE_PTY',
    `open() of node-pty returned a terminal without ${missing.join(', ')}; install node-pty 1.x or @lydell/node-pty 1.x`,
  )
}

/** node-pty's masters are not close-on-exec, and a child that held one could read and write this terminal. */
function keepFromChildren({ fd, master }: NodePtyTerminal): void {
  unsharedDescriptors.add(fd)
  master.once('close', () => unsharedDescriptors.delete(fd))
}

/** Drops node-pty's listeners, one of which throws; a master that fails just closes. */
function takeOver(master: ReadStream): void {
  master.pause()
  master.removeAllListeners('error')
  master.removeAllListeners('close')
  master.on('error', () => undefined)
}

/** Opens the slave for ourselves, then closes node-pty's stream on it and the descriptor it forgot. */
function replaceSlave(terminal: NodePtyTerminal): number {
  const slaveFd = openSync(terminal.ptsName, constants.O_RDWR | constants.O_NOCTTY)
  terminal.slave.on('error', () => undefined)
  terminal.slave.destroy()
  const device = statSync(terminal.ptsName).rdev
  const isForgotten = (fd: number) => fd !== slaveFd && deviceOf(fd) === device
  // Nearly always the number after the master's; only else is the whole table looked through.
  const forgotten = [terminal.fd + 1].filter(isForgotten)
  const found = forgotten.length > 0 ? forgotten : openDescriptors().filter(isForgotten)
  for (const fd of found) closeSync(fd)
  return slaveFd
}

function deviceOf(fd: number): number | undefined {
  try {
    return fstatSync(fd).rdev
  } catch {
    return undefined
  }
}

function openDescriptors(): readonly number[] {
  return readdirSync('/dev/fd').map(Number)
}

function createTerminal(terminal: NodePtyTerminal, slaveFd: number): OpenTerminal {
  let isOpen = true
  return {
    name: terminal.ptsName,
    master: terminal.master,
    masterFd: terminal.fd,
    slaveFd,
    resize: (size) => {
      if (isOpen) resize(terminal, size)
    },
    close: () => {
      if (!isOpen) return
      isOpen = false
      terminal.master.destroy()
      closeSync(slaveFd)
    },
  }
}

/** Versions before 1.2 take two arguments and set the pixels to 0. */
function resize(terminal: NodePtyTerminal, size: TerminalDimensions): void {
  try {
    terminal.resize(size.columns, size.rows, { width: size.widthPixels, height: size.heightPixels })
  } catch {
    // A size is advice: a terminal that refuses it keeps the old one.
  }
}
