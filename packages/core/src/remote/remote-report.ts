import { exited, type ExitOutcome } from '../ports/exit-outcome'
import type { ChannelRequest } from '../wire/channel-request'

/** How a program ended by a request of its server (RFC 4254 section 6.10); `undefined` where that is no report. */
export function reportedExit(request: ChannelRequest): ExitOutcome | undefined {
  switch (request.name) {
    case 'exit-status':
      return exited(request.code)
    case 'exit-signal': {
      const { hasCoreDumped, message, languageTag } = request
      const signal = localSignalName(request.signal)
      return { kind: 'signaled', signal, hasCoreDumped, message, languageTag }
    }
    default:
      return undefined
  }
}

/**
 * `BUS` for `BUS@openssh.com`. sshd says `SIG@openssh.com` of every signal that RFC 4254 does not name: that names
 * none, and is kept as it is.
 */
function localSignalName(signal: string): string {
  const name = /^(?:SIG)?([^@]+)(?:@.*)?$/s.exec(signal)?.[1]
  return name === undefined || name === 'SIG' ? signal : name
}
