import type { RunningServer, ServerId } from '../servers/bench-server'

/** One number that a workload gives. */
export interface FigureKind {
  /** Tells it from the workload's others. */
  readonly key: string
  /** What it is, with its unit. */
  readonly title: string
  /** Whether a ratio to `sshd` says something; growth of memory may be next to nothing there. */
  readonly hasRatio?: false
}

/** What one run of a workload measured, by key. */
export type Figures = Readonly<Record<string, number>>

/** How much a run does. */
export interface RunSize {
  /** 1, or a smaller share for a quick look. */
  readonly scale: number
  /** The share of a slow server, for workloads that move bytes. */
  readonly byteShare: number
}

/** Something that servers are asked to do, and what it costs them. */
export interface Workload {
  /** As `--only` takes it. */
  readonly name: string
  readonly title: string
  readonly figures: readonly FigureKind[]
  /** `shared`: one server for all runs, warm. `fresh`: one for each, because memory that has grown stays. */
  readonly servers: 'shared' | 'fresh'
  /** Servers that it is worth; undefined: all. */
  readonly onlyServers?: readonly ServerId[]
  /** Most rounds that it is worth. */
  readonly mostRounds?: number
  /** What of the machine it needs beside `ssh`; undefined where all is there. */
  readonly missing?: () => string | undefined
  /** Rejects where the server lost something or did not end. */
  readonly run: (server: RunningServer, size: RunSize) => Promise<Figures>
}

/** A number of bytes for a run: whole kibibytes, at least one. */
export function bytesFor(fullBytes: number, { scale, byteShare }: RunSize): number {
  return Math.max(1024, Math.round((fullBytes * scale * byteShare) / 1024) * 1024)
}

/** A number of times for a run, at least `least`. */
export function countFor(fullCount: number, { scale }: RunSize, least = 2): number {
  return Math.max(least, Math.round(fullCount * scale))
}
