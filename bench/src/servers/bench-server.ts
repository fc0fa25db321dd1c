import type { ReachableServer } from '@hawse/conformance/servers'

/** Short names of what is measured, as `--servers` takes them. */
export const serverIds = [
  'sshd',
  'hawse',
  'by-hand',
  'ssh2-alone',
  'go',
  'asyncssh',
  'conch',
  'hawse-workers',
] as const

/** Short name of one of them. */
export type ServerId = (typeof serverIds)[number]

/** A server while it is measured. */
export interface RunningServer extends ReachableServer {
  /** The process whose tree does the work. */
  readonly processId: number
  /** Ends the server and every process under it. */
  readonly stop: () => Promise<void>
}

/** A server that can be measured. */
export interface BenchServer {
  readonly id: ServerId
  /** Heading of its column. */
  readonly name: string
  /** Why it cannot run here, with what to install; undefined where it can. */
  readonly missing: () => string | undefined
  readonly version: () => string
  readonly start: () => Promise<RunningServer>
  /** Its share of the bytes that each run moves: figures are per unit, and slow servers take long. */
  readonly byteShare: number
  /** The only workloads that it is for; undefined: all. */
  readonly onlyWorkloads?: readonly string[]
  /** Whether it has a column in the table of figures: `false` where something else is told of it. */
  readonly hasColumn?: false
  /** Workloads that cannot be run on it, with the reason. */
  readonly cannot?: Readonly<Record<string, string>>
}
