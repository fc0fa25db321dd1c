import { fromArray, toArray } from '../channel/queue'
import type { ChannelRequest } from '../wire/channel-request'
import { handLine } from './output-flow'
import { replyTo } from './request-table'
import type { SessionCommand } from './session-command'
import type { SessionEvent } from './session-event'
import type { Ending } from './session-outcome'
import {
  commonOf,
  type Deciding,
  type Refusing,
  type SessionStep,
  type Waiting,
} from './session-state'
import { then } from './step'

/** Longest time that a client is waited for before it gets the failure reply, in milliseconds. */
const refuseDelayMs = 1_000

/**
 * A request that every client answers, with failure, once it has worked off what came before (OpenSSH's own server
 * asks it to see whether clients live).
 */
const question: ChannelRequest = {
  name: 'unknown',
  requestType: 'keepalive@openssh.com',
  data: new Uint8Array(0),
}

/**
 * Tells the client why, and then no.
 *
 * OpenSSH's client ends when it reads the failure reply, and shows what came just before it only by luck. So it is
 * asked a question after the reason, and gets the reply when it has answered.
 */
export function refuse(state: Deciding, reason: string, ending: Ending): SessionStep {
  const { terminal } = state.program
  const deferred = toArray(state.deferred)
  const refusing: Refusing = {
    ...commonOf(state),
    phase: 'refusing',
    deferred: fromArray(deferred.filter((event) => event.type !== 'channel.requested')),
    opening: { ...state.opening, terminal },
    owed: state.owed,
    ending,
  }
  return then(handLine(refusing, reason), (told) => [
    told,
    [
      { type: 'channel.sendRequest', request: question, wantsReply: true },
      { type: 'timer.start', timer: 'refuse', delayMs: refuseDelayMs },
      ...deferred.flatMap(refuseDeferred),
    ],
  ])
}

/** The client has shown the reason, or had the time to: it may ask for another program. */
export function finishRefusal(state: Refusing): SessionStep {
  const { opening, ending, owed } = state
  const waiting: Waiting = { ...commonOf(state), phase: 'waiting', opening, ending }
  return [waiting, replyTo(owed, false)]
}

/** Early input waits for the next program; what was asked of this one can only be refused. */
function refuseDeferred(event: SessionEvent): readonly SessionCommand[] {
  return event.type === 'channel.requested' ? replyTo(event, false) : []
}
