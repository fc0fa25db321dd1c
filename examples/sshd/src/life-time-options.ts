import type { TimeLimits } from '@hawse/core'
import { parseSeconds, usageError } from '@hawse/example-kit'
import type { LogFormat } from './log'

/** Options about how long things live, and what is told of them. */
export interface LifeTimeOptions {
  /** How long sessions go on when the server is told to end, in milliseconds. */
  readonly graceMs: number
  /** How often a silent client is asked whether it lives, in milliseconds; 0: never. */
  readonly clientAliveMs: number
  readonly timeLimits: TimeLimits
  readonly logFormat: LogFormat
}

/** Their part of the command line. */
export const lifeTimeOptionTable = {
  grace: { type: 'string' },
  'client-alive': { type: 'string' },
  'idle-limit': { type: 'string' },
  'session-limit': { type: 'string' },
  'log-format': { type: 'string' },
} as const

/** Milliseconds before the end of a session that has a limit at which its user is warned. */
const warningMs = 60_000

/** Reads their part of the command line; throws a `StartError` that names the option and what it takes. */
export function parseLifeTimeOptions(
  values: Readonly<Partial<Record<keyof typeof lifeTimeOptionTable, string>>>,
): LifeTimeOptions {
  const read = (name: keyof typeof lifeTimeOptionTable, without: string): number =>
    parseSeconds(`--${name}`, values[name] ?? without)
  const idleMs = read('idle-limit', '0')
  const maximumMs = read('session-limit', '0')
  return {
    graceMs: read('grace', '0'),
    clientAliveMs: read('client-alive', '15'),
    timeLimits: {
      ...(idleMs > 0 ? { idleMs } : {}),
      ...(maximumMs > 0 ? { maximumMs, warningMs } : {}),
    },
    logFormat: parseFormat(values['log-format'] ?? 'text'),
  }
}

function parseFormat(text: string): LogFormat {
  if (text === 'text' || text === 'json') return text
  throw usageError(`--log-format ${text}: expected text or json`)
}
