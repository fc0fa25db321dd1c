import { of } from 'rxjs'
import type { ProcessPort } from '../ports/process-port'
import { remoteProgram, type RemoteProgramOptions } from '../remote/remote-program'
import { processOverChannel } from '../streams/process-over-channel'
import { runSession } from '../streams/run-session'
import type { SessionHandlers } from '../streams/session-handlers'
import type { SessionOptions } from '../streams/session-options'
import { memoryChannelPair } from './memory-channel'

/**
 * What a user of your server would see, without a network: a session with your handlers, whose user asks for one
 * program. It is a process port, so `run` takes it, as it takes a program on another host.
 *
 * The session is real, and so are the channel machines and the client; only packets pass in memory instead of through
 * SSH. Throws `INVALID_ARGUMENT` for a program that cannot be asked for; options that cannot work are a
 * `process.startFailed`.
 *
 * @example
 * const { stdout } = await run(sessionInMemory(handlers, { command: 'hello Ada' }), { input: 'hi\n' })
 */
export function sessionInMemory(
  handlers: SessionHandlers,
  program: RemoteProgramOptions,
  options: SessionOptions = {},
): ProcessPort {
  return processOverChannel(remoteProgram(program), () => {
    const { server, client } = memoryChannelPair()
    runSession(server, handlers, options)
    return of({ type: 'opened', channel: client })
  })
}
