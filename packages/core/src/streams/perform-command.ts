import { messageOf } from '../errors/hawse-error'
import type { ChannelCommand, ChannelPort } from '../ports/channel-port'
import type { ProcessCommand, ProcessPort } from '../ports/process-port'
import type { SessionCommand } from '../session/session-command'
import type { SessionEvent, TimerName } from '../session/session-event'
import type { SessionOutcome } from '../session/session-outcome'
import { processFailure, releaseProcess } from './watch-process'

/** Commands that neither port performs: decisions and producers. */
export type OwnerCommand = Extract<
  SessionCommand,
  { readonly type: `program.${string}` | `producer.${string}` }
>

/** Who performs which commands of a session. */
export interface Performers {
  readonly channel: ChannelPort
  /** The bound process, if any yet. */
  readonly process: () => ProcessPort | undefined
  readonly startTimer: (timer: TimerName, delayMs: number) => void
  readonly own: (command: OwnerCommand) => void
  readonly finish: (outcome: SessionOutcome) => void
  readonly dispatch: (event: SessionEvent) => void
}

/**
 * Performs one command of the session machine.
 *
 * Never throws: a port or owner that throws has broken its contract; its side is lost, and only this session with it.
 * A process whose port throws is freed and killed, for nobody can follow it any more.
 */
export function performCommand(performers: Performers, command: SessionCommand): void {
  if (isChannelCommand(command)) return performOnChannel(performers, command)
  if (isProcessCommand(command)) return performOnProcess(performers, command)
  switch (command.type) {
    case 'timer.start':
      return performers.startTimer(command.timer, command.delayMs)
    case 'session.ended':
      return performers.finish(command.outcome)
    default:
      return performByOwner(performers, command)
  }
}

function performOnChannel({ channel, dispatch }: Performers, command: ChannelCommand): void {
  try {
    channel.perform(command)
  } catch (error) {
    dispatch({ type: 'channel.lost', reason: `the channel port failed: ${messageOf(error)}` })
  }
}

function performOnProcess(performers: Performers, command: ProcessCommand): void {
  const process = performers.process()
  if (process === undefined) return
  try {
    process.perform(command)
  } catch (error) {
    for (const event of processFailure(messageOf(error))) performers.dispatch(event)
    releaseProcess(process)
  }
}

function performByOwner({ own, dispatch }: Performers, command: OwnerCommand): void {
  try {
    own(command)
  } catch (error) {
    dispatch({ type: 'session.end', endedBy: 'failed', reason: messageOf(error) })
  }
}

function isChannelCommand(command: SessionCommand): command is ChannelCommand {
  return command.type.startsWith('channel.')
}

function isProcessCommand(command: SessionCommand): command is ProcessCommand {
  return command.type.startsWith('process.')
}
