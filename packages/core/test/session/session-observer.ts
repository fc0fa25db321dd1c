import type { SessionCommand } from '../../src/session/session-command'
import type { SessionEvent } from '../../src/session/session-event'
import type { SessionState } from '../../src/session/session-state'
import { isIllegal, sessionTransition } from '../../src/session/session-transition'
import { describeCommand } from './describe-step'

/** What somebody knows who has heard every command of a session so far. */
export interface HeardOfSession {
  readonly closes: number
  readonly eofs: number
  readonly reports: number
  readonly starts: number
  readonly ends: number
  readonly isProcessPaused: boolean
  readonly isPushPaused: boolean
  /** How many requests there were. */
  readonly asked: number
  /** Ids of requests that want a reply and got none yet. */
  readonly owed: readonly number[]
}

/** Nothing was heard yet. */
export const silentSession: HeardOfSession = {
  closes: 0,
  eofs: 0,
  reports: 0,
  starts: 0,
  ends: 0,
  isProcessPaused: false,
  isPushPaused: false,
  asked: 0,
  owed: [],
}

/**
 * One step of the session machine, with everything checked that must hold whatever the ports do. Throws.
 * Requests are numbered as a channel does.
 */
export function checkedSessionStep(
  state: SessionState,
  given: SessionEvent,
  before: HeardOfSession,
): readonly [SessionState, HeardOfSession] {
  const [event, heard] = numbered(given, before)
  const [after, commands] = sessionTransition(state, event)
  if (isIllegal(state, event)) {
    if (after !== state || commands.length > 0)
      throw new Error('an illegal event changed something')
  }
  const now = commands.reduce(hear, heard)
  const isOver = after.phase === 'ended'
  if (isOver !== (now.ends === 1)) throw new Error('phase ended and session.ended disagree')
  if (after.phase === 'closing' && now.closes !== 1) throw new Error('closing without CLOSE')
  checkCounts(after)
  return [after, now]
}

function numbered(
  event: SessionEvent,
  heard: HeardOfSession,
): readonly [SessionEvent, HeardOfSession] {
  if (event.type === 'producer.unregistered') return [event, { ...heard, isPushPaused: false }]
  if (event.type !== 'channel.requested') return [event, heard]
  const requestId = heard.asked + 1
  const owed = event.wantsReply ? [...heard.owed, requestId] : heard.owed
  return [
    { ...event, requestId },
    { ...heard, asked: requestId, owed },
  ]
}

function hear(heard: HeardOfSession, command: SessionCommand): HeardOfSession {
  if (heard.ends > 0 && command.type !== 'producer.stop') {
    throw new Error(`${describeCommand(command)} after session.ended`)
  }
  switch (command.type) {
    case 'channel.close':
      return once({ ...heard, closes: heard.closes + 1 }, 'closes')
    case 'channel.sendEof':
      if (heard.closes > 0) throw new Error('EOF after CLOSE')
      return once({ ...heard, eofs: heard.eofs + 1 }, 'eofs')
    case 'channel.sendData':
    case 'channel.sendExtendedData':
      if (heard.closes > 0) throw new Error('DATA after CLOSE')
      return heard
    case 'channel.sendRequest':
      if (!command.request.name.startsWith('exit-')) return heard
      return once({ ...heard, reports: heard.reports + 1 }, 'reports')
    case 'channel.reply':
      if (!heard.owed.includes(command.requestId)) throw new Error('a reply that nobody wants')
      return { ...heard, owed: heard.owed.filter((id) => id !== command.requestId) }
    case 'process.start':
      return once({ ...heard, starts: heard.starts + 1 }, 'starts')
    case 'session.ended':
      return once({ ...heard, ends: heard.ends + 1 }, 'ends')
    default:
      return hearFlow(heard, command)
  }
}

function hearFlow(heard: HeardOfSession, command: SessionCommand): HeardOfSession {
  switch (command.type) {
    case 'process.pauseOutput':
      if (heard.isProcessPaused) throw new Error('paused twice')
      return { ...heard, isProcessPaused: true }
    case 'process.resumeOutput':
      if (!heard.isProcessPaused) throw new Error('resumed what was not paused')
      return { ...heard, isProcessPaused: false }
    case 'producer.pause':
      if (heard.isPushPaused) throw new Error('producer paused twice')
      return { ...heard, isPushPaused: true }
    case 'producer.resume':
    case 'producer.stop':
      return { ...heard, isPushPaused: false }
    default:
      return heard
  }
}

function once(
  heard: HeardOfSession,
  name: 'closes' | 'eofs' | 'reports' | 'starts' | 'ends',
): HeardOfSession {
  if (heard[name] > 1) throw new Error(`${name}: ${String(heard[name])}, expected at most 1`)
  return heard
}

function checkCounts(state: SessionState): void {
  const counts =
    state.phase === 'ended'
      ? Object.values<number>({ ...state.outcome.traffic })
      : [
          ...Object.values<number>({ ...state.traffic }),
          state.input.pendingBytes,
          state.output.unwrittenBytes,
        ]
  if (counts.some((count) => count < 0 || !Number.isSafeInteger(count))) {
    throw new Error(`a count went wrong: ${counts.join(' ')}`)
  }
}
