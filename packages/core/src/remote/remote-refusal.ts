import { decodeUtf8 } from '../platform/text'
import type { StartFailure } from '../ports/process-port'
import type { RemoteOutput } from './remote-event'
import { heldNotice } from './remote-output'
import { over, type RemoteCommon, type RemoteStep } from './remote-state'

/** The program does not start; the channel is closed. */
export function failStart(failure: StartFailure, message: string): RemoteStep {
  return [over, [closeChannel, startFailed(failure, message)]]
}

/** The program does not start, and there is no channel. */
export function failWithoutChannel(failure: StartFailure, message: string): RemoteStep {
  return [over, [startFailed(failure, message)]]
}

/** The server said no; what it told the user before is its reason. */
export function refuseStart(state: RemoteCommon, what: string): RemoteStep {
  const reason = noticeLine(state)
  const message = reason === '' ? `the server refused ${what}` : `${what} refused: ${reason}`
  return failStart('notPermitted', message)
}

/** What was asked for, for people. */
export function programName({ program: { request } }: RemoteCommon): string {
  switch (request.name) {
    case 'exec':
      return 'the command'
    case 'shell':
      return 'a shell'
    case 'subsystem':
      return `the subsystem ${request.subsystem}`
  }
}

/** A failed start whose program nobody waits for any more. */
export const givenUp = 'given up before the server answered'

const closeChannel: RemoteOutput = { type: 'channel.close' }

function startFailed(failure: StartFailure, message: string): RemoteOutput {
  return { type: 'process.startFailed', failure, message }
}

/** More would be no line any more. */
const maximumNoticeCharacters = 500

function noticeLine(state: RemoteCommon): string {
  const lines = heldNotice(state)
    .map(decodeUtf8)
    .join('')
    .split(/[\r\n]+/)
  const line = lines
    .map((text) => text.trim())
    .filter((text) => text !== '')
    .join('; ')
  return line.slice(0, maximumNoticeCharacters)
}
