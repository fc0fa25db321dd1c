export type { NodePty, NodePtyTerminal } from './node-pty'
export { ptyProcess } from './pty-process'
export type { PtyProcessOptions } from './pty-process-options'
