import type { ReadStream } from 'node:tty'

/** A terminal as `open` of node-pty returns it: only the members that this adapter relies on. */
export interface NodePtyTerminal {
  /** Stream on the master side, in non-blocking mode and already reading. */
  readonly master: ReadStream
  /** Stream on the slave side; it reads what is meant for the program until it is destroyed. */
  readonly slave: ReadStream
  /** Descriptor of the master side. */
  readonly fd: number
  /** Device name of the slave side, for example `/dev/pts/3`. */
  readonly ptsName: string
  /** Sets the window size in character cells; newer versions take pixels as well. Throws on 0. */
  resize(
    columns: number,
    rows: number,
    pixels?: { readonly width: number; readonly height: number },
  ): void
}

/** What this adapter uses of `node-pty`, or of a package with the same interface. */
export interface NodePty {
  /** Opens a pseudo-terminal without starting a program. Throws when the system has none left. */
  open(options: {
    readonly cols: number
    readonly rows: number
    readonly encoding: null
  }): NodePtyTerminal
}
