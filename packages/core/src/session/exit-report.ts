import type { ExitOutcome } from '../ports/exit-outcome'
import type { StartFailure } from '../ports/process-port'
import type { ChannelRequest } from '../wire/channel-request'
import { exitSignalName } from '../wire/signal-names'
import type { SessionSettings } from './session-settings'

/** The request that reports how a process ended (RFC 4254 section 6.10); `null` when nothing is known. */
export function exitReport(outcome: ExitOutcome, settings: SessionSettings): ChannelRequest | null {
  switch (outcome.kind) {
    case 'exited':
      return { name: 'exit-status', code: outcome.code >>> 0 }
    case 'signaled':
      return settings.signalReport === 'exit-status'
        ? { name: 'exit-status', code: shellStatus(outcome.signal, settings) }
        : {
            name: 'exit-signal',
            signal: exitSignalName(outcome.signal, settings.signalDomain),
            hasCoreDumped: outcome.hasCoreDumped,
            message: outcome.message,
            languageTag: outcome.languageTag,
          }
    case 'unreported':
    case 'lost':
      return null
  }
}

/** The exit code a shell gives for a program that did not start (POSIX: 127 not found, 126 not executable). */
export function startFailureCode(failure: StartFailure): number {
  return startFailureCodes[failure]
}

const startFailureCodes: Readonly<Record<StartFailure, number>> = {
  notFound: 127,
  notPermitted: 126,
  noResources: 254,
  failed: 254,
}

/** What a shell shows for death by signal: 128 + number; 255 where the number is not known. */
function shellStatus(signal: string, settings: SessionSettings): number {
  const number = settings.signalNumbers[`SIG${signal}`]
  return number === undefined ? 255 : 128 + number
}
