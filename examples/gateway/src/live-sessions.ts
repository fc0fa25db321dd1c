import type { ProcessPort, Session } from '@hawse/core'
import type { SessionMeter, WatchableProcess } from '@hawse/session-tools'

/** A session that runs. */
export interface LiveSession {
  readonly id: number
  readonly user: string
  readonly host: string
  /** What runs, for people. */
  readonly program: string
  readonly session: Session
  readonly process: WatchableProcess
  readonly meter: SessionMeter
}

/** The sessions that run now, by number. */
export class LiveSessions {
  readonly #sessions = new Map<number, LiveSession>()

  /** Keeps a session until it has ended. */
  add(live: LiveSession): void {
    this.#sessions.set(live.id, live)
    void live.session.outcome.then(() => this.#sessions.delete(live.id))
  }

  find(id: string): LiveSession | undefined {
    return this.#sessions.get(Number(id))
  }

  /** One line for each, under a line that names the columns. */
  table(): string {
    const rows = [...this.#sessions.values()].map(({ id, user, host, program, process, meter }) => {
      const { stdin, stdout, stderr, durationMs } = meter.read()
      const watchers = `${process.watcherCount}`
      const outputBytes = stdout.bytes + stderr.bytes
      const seconds = `${Math.floor(durationMs / 1000)}`
      return [`${id}`, user, host, seconds, `${stdin.bytes}`, `${outputBytes}`, watchers, program]
    })
    const header = ['ID', 'USER', 'HOST', 'SECONDS', 'IN', 'OUT', 'WATCHERS', 'PROGRAM']
    const widths = header.map((name, at) =>
      Math.max(name.length, ...rows.map((row) => row[at]?.length ?? 0)),
    )
    return [header, ...rows]
      .map((row) => row.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join('  '))
      .map((line) => `${line.trimEnd()}\n`)
      .join('')
  }
}

/** Milliseconds that a program has to heed its hang-up before its channel is closed under it. */
const heedMs = 2_000

/** Ends a session: its user is told why, its program hung up, and where it does not heed that, left alone. */
export function killSession({ session, process }: LiveSession, reason: string): void {
  const release = (): void => (process as ProcessPort).perform({ type: 'process.disconnect' })
  const timer = setTimeout(release, heedMs)
  void session.close(reason).then(() => clearTimeout(timer))
}
