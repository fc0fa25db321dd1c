import type { TemporaryFolder } from '@hawse/port-conformance'
import type { ServerUnderTest } from '../servers/server-under-test'

/** What every client is asked to show, in the order of the document, with the sentence that names it in tests. */
export const capabilities = {
  output: 'passes every byte value',
  'exit code': 'passes the exit code',
  stderr: 'passes stderr apart from stdout',
  'end of input': 'passes input, its end, and the answer after that',
  transfer: 'passes 32 MB both ways',
  shell: 'feeds commands to a shell',
  'late output': 'passes what a background process says after the exit',
  signal: 'shows death by a signal in its own way',
  terminal: 'opens a terminal with its size and passes the exit code',
} as const

/** Something that clients are asked to show. */
export type Capability = keyof typeof capabilities

/** A program that runs a remote command as `ssh` does, whoever wrote it. */
export interface SshClient {
  readonly name: string
  /** Programs of the system that it needs. */
  readonly programs: readonly string[]
  /** Why it cannot run although its programs are there; undefined where it can. */
  readonly missing: () => string | undefined
  /** What it says about its version. */
  readonly version: () => string | Promise<string>
  /** Makes what it needs to reach a server, in a folder of its own, and gives its command lines. */
  readonly prepare: (
    server: ServerUnderTest,
    folder: TemporaryFolder,
  ) => CommandLineMaker | Promise<CommandLineMaker>
  /** What it cannot show on any server, with the reason. */
  readonly cannot: Readonly<Partial<Record<Capability, string>>>
  /** What it shows of a program that died by SIGTERM. */
  readonly deathBySignal: { readonly code: number; readonly stderr: string }
}

/** Gives the command line for a remote command, or for a shell where there is none. */
export type CommandLineMaker = (
  command: string | undefined,
  options?: { readonly terminal?: TerminalSize },
) => CommandLine

/** The size of a terminal, in characters. */
export interface TerminalSize {
  readonly columns: number
  readonly rows: number
}

/** How to start a client. */
export interface CommandLine {
  readonly command: string
  readonly args: readonly string[]
  /** More of its environment. */
  readonly environment: Readonly<Record<string, string>>
}
