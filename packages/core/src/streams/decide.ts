import type { AbortSignalLike } from '../platform/abort'
import type { ChannelPort } from '../ports/channel-port'
import type { Program } from '../session/program'
import {
  refuse,
  type Decision,
  type HandlerRequest,
  type Refusal,
  type SessionHandlers,
} from './session-handlers'

/** Asks the handler for this program; what nobody handles is refused with a readable reason. */
export function decide(
  program: Program,
  handlers: SessionHandlers,
  channel: ChannelPort,
  signal: AbortSignalLike,
): Decision {
  const { request } = program
  const common = handlerRequest(program, channel, signal)
  switch (request.name) {
    case 'shell':
      return handlers.shell?.(common) ?? refuse('shell requests are not served here')
    case 'exec': {
      const { command, commandBytes } = request
      return (
        handlers.exec?.({ ...common, command, commandBytes }) ??
        refuse('commands are not served here')
      )
    }
    case 'subsystem': {
      const { subsystem } = request
      const handle = ownValue(handlers.subsystem ?? {}, subsystem)
      return (
        handle?.({ ...common, subsystem }) ?? refuse(`no subsystem ${printable(subsystem)} here`)
      )
    }
  }
}

/** Refuses a command that is longer than the owner of the session takes. */
export function refuseLongCommand(
  { request }: Program,
  maximumBytes = Infinity,
): Refusal | undefined {
  if (request.name !== 'exec' || request.commandBytes.length <= maximumBytes) return undefined
  const length = request.commandBytes.length
  return refuse(`the command has ${length} bytes; at most ${maximumBytes} are taken here`)
}

function handlerRequest(
  program: Program,
  channel: ChannelPort,
  signal: AbortSignalLike,
): HandlerRequest {
  return {
    env: Object.fromEntries(program.environment),
    pty: program.terminal ?? undefined,
    x11: program.x11 ?? undefined,
    hasAgentForwarding: program.hasAgentForwarding,
    host: channel.host,
    peer: channel.peer,
    signal,
  }
}

/** A name like `constructor` must not find what every object inherits. */
function ownValue<Value>(record: Readonly<Record<string, Value>>, key: string): Value | undefined {
  return Object.hasOwn(record, key) ? record[key] : undefined
}

/** Control characters of a client must not reach a terminal or a log. */
function printable(text: string): string {
  return JSON.stringify(text.replace(/[^\x20-\x7e]/g, '?').slice(0, 64))
}
