import { connectionGate, type ConnectionGate } from '@hawse/adapter-ssh2'
import type { LimitOptions } from './limit-options'
import type { EventLog } from './log'

/** Counts the connections of a server, and logs those that it turns away or ends. */
export function createLoggedGate(limits: LimitOptions, log: EventLog): ConnectionGate {
  return connectionGate({
    ...limits,
    onLimit: (reason, { remoteAddress, remotePort }) =>
      log({ event: 'note', message: `${remoteAddress} port ${remotePort}: ${reason}` }),
  })
}
