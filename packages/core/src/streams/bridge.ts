import { messageOf } from '../errors/hawse-error'
import type { ChannelPort } from '../ports/channel-port'
import type { ProcessPort } from '../ports/process-port'
import { sessionOf, type Session } from './run-session'
import { SessionDriver } from './session-driver'
import type { SessionOptions } from './session-options'

/**
 * Joins a channel on which a program request was already granted to a process: the body of one listener.
 *
 * What the client sends before the process is there waits, in order. If `start` throws or rejects, the client
 * gets a line on stderr and the channel closes; nothing else is affected.
 */
export function bridge(
  channel: ChannelPort,
  start: () => ProcessPort | Promise<ProcessPort>,
  options: SessionOptions = {},
): Session {
  const driver = new SessionDriver(channel, options, () => undefined)
  const begin = (process: ProcessPort): void => {
    if (driver.state.phase !== 'waiting') return
    driver.bind(process, (event) => driver.dispatch(event))
    driver.borrowOutput(process)
    driver.dispatch({ type: 'program.accepted' })
  }
  const fail = (error: unknown): void => {
    const reason = `the program could not be started: ${messageOf(error)}`
    driver.dispatch({ type: 'session.end', endedBy: 'failed', reason })
  }
  driver.open()
  Promise.resolve().then(start).then(begin).catch(fail)
  return sessionOf(driver)
}
