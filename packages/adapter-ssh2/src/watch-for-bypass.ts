import { HawseError } from '@hawse/core'
import type { Ssh2Session } from './ssh2-shapes'

/** Every event by which ssh2 shows that it handles the packets of a session itself. */
const sessionEvents = [
  'pty',
  'env',
  'x11',
  'auth-agent',
  'exec',
  'shell',
  'sftp',
  'subsystem',
  'signal',
  'window-change',
  'eof',
  'close',
] as const

/**
 * Tells when a packet of a session reached ssh2 although it was taken over: then this ssh2 reads packets in another
 * place, and the session would hang without a word. Returns what ends the watch.
 */
export function watchForBypass(
  session: Ssh2Session,
  onBypass: (error: HawseError) => void,
): () => void {
  const watches = sessionEvents.map((event) => {
    const listener = (): void => onBypass(bypassed(event))
    session.on(event, listener)
    return (): unknown => session.removeListener(event, listener)
  })
  return () => watches.forEach((unwatch) => unwatch())
}

function bypassed(event: string): HawseError {
  return new HawseError(
    'UNSUPPORTED_SSH2',
    `ssh2 emitted '${event}' for a session whose packets were taken over, so they do not pass where they were expected. ` +
      'Expected ssh2 1.15 to 1.17; install a version in that range.',
  )
}
