import type { EndedBy, SessionGroupReport, Traffic } from '@hawse/core'
import { printable } from '@hawse/example-kit'

/** Writes one line about the server's work; never what a client typed or was sent. */
export type Log = (line: string) => void

/** Writes one line about something that happened. */
export type EventLog = (entry: LogEntry) => void

/** How lines look: for people, or one JSON object each. */
export type LogFormat = 'text' | 'json'

/** What happened; the README says what each member means. */
export type LogEntry =
  | { readonly event: 'note'; readonly message: string; readonly worker?: number }
  | WorkerEntry
  | ConnectionEntry
  | SessionEntry
  | { readonly event: 'server.closing'; readonly sessions: number; readonly graceMs: number }
  | ({ readonly event: 'server.closed' } & SessionGroupReport)

/** Of one worker, where there is more than one. */
export type WorkerEntry = { readonly worker: number } & (
  | { readonly event: 'worker.started'; readonly processId: number }
  | {
      readonly event: 'worker.ended'
      readonly exitCode?: number
      readonly exitSignal?: string
      readonly connections: number
      readonly programs: number
      readonly replacedInMs?: number
    }
)

/** Of one connection. */
export type ConnectionEntry = { readonly connection: number; readonly worker?: number } & (
  | { readonly event: 'connection.opened'; readonly address: string; readonly port: number }
  | { readonly event: 'connection.failed'; readonly reason: string }
  | { readonly event: 'connection.closed'; readonly durationMs: number }
  | LoginEntry
)

/** Of one attempt to log in. */
export interface LoginEntry {
  readonly event: 'login.accepted' | 'login.refused'
  /** The name that the client gave. */
  readonly user: string
  readonly method: string
  /** Fingerprint of the key that was offered. */
  readonly key?: string
}

/** Of one session. */
export type SessionEntry = {
  readonly connection: number
  readonly session: number
  readonly worker?: number
} & (
  | {
      readonly event: 'session.started'
      readonly program: 'shell' | 'exec' | 'subsystem' | 'bound'
      readonly hasTerminal: boolean
    }
  | { readonly event: 'session.warned'; readonly message: string }
  | { readonly event: 'session.signaled'; readonly signal: string }
  | ({
      readonly event: 'session.ended'
      readonly endedBy: EndedBy
      readonly exit: 'code' | 'signal' | 'unreported' | 'lost' | 'none'
      readonly exitCode?: number
      readonly exitSignal?: string
      readonly isOutputTruncated: boolean
      readonly durationMs: number
    } & Traffic)
)

/** A log on stderr, with the time in UTC. */
export function logToStderr(format: LogFormat): EventLog {
  return (entry) => void process.stderr.write(`${formatEntry(entry, format, new Date())}\n`)
}

/** One line, in which nothing can steer the terminal that shows it. */
export function formatEntry(entry: LogEntry, format: LogFormat, time: Date): string {
  const values: Readonly<Record<string, Value>> = { ...entry }
  const members = Object.entries(values).map(([name, value]) => [name, cleaned(value)] as const)
  if (format === 'json') {
    return JSON.stringify({ time: time.toISOString(), ...Object.fromEntries(members) })
  }
  if (entry.event === 'note') return `${time.toISOString()} ${printable(entry.message)}`
  const words = members.map(([name, value]) =>
    name === 'event' ? value : `${name}=${text(value)}`,
  )
  return `${time.toISOString()} ${words.join(' ')}`
}

type Value = string | number | boolean

function cleaned(value: Value): Value {
  return typeof value === 'string' ? printable(value) : value
}

/** A text with spaces or quotes is quoted, so that it cannot pass for other members. */
function text(value: Value): string {
  return typeof value === 'string' && !/^[\w./:+=@-]+$/.test(value)
    ? JSON.stringify(value)
    : String(value)
}
