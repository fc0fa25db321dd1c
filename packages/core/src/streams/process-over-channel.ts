import type { Observable } from 'rxjs'
import { messageOf } from '../errors/hawse-error'
import type { ChannelCommand, ChannelPort } from '../ports/channel-port'
import { createEventSource } from '../ports/event-source'
import type { ProcessEvent, ProcessPort, StartFailure } from '../ports/process-port'
import type { RemoteInput, RemoteOutput } from '../remote/remote-event'
import type { RemoteProgram } from '../remote/remote-program'
import { initialRemoteState, type RemoteState } from '../remote/remote-state'
import { remoteTransition } from '../remote/remote-transition'
import { drive, type Drive } from './drive'
import { watchChannel } from './watch-channel'

/** A session channel that was opened, or the reason why there is none. */
export type ChannelOpening =
  | {
      readonly type: 'opened'
      /** Nobody has listened to it. */
      readonly channel: ChannelPort
    }
  | {
      readonly type: 'failed'
      readonly failure: StartFailure
      /** One line for people. */
      readonly message: string
    }

/**
 * Makes a process of a program at the other end of a session channel, by the remote process machine (RFC 4254
 * section 6). The channel is asked for with `process.start`, by subscribing to what `open` returns; its first value
 * counts. Each port opens a channel of its own, once.
 */
export function processOverChannel(
  program: RemoteProgram,
  open: () => Observable<ChannelOpening>,
): ProcessPort {
  const source = createEventSource<ProcessEvent>()
  let channel: ChannelPort | undefined
  const perform = (output: RemoteOutput): void => {
    if (isChannelCommand(output)) return channel?.perform(output)
    switch (output.type) {
      case 'remote.open':
        return openOnce(open, machine, (opened) => (channel = opened))
      case 'remote.deliverNext':
        return machine.dispatch({ type: 'remote.deliver' })
      case 'remote.ended':
        return source.complete()
      default:
        source.emit(output)
    }
  }
  const machine = drive<RemoteState, RemoteInput, RemoteOutput>({
    initial: initialRemoteState(program),
    transition: remoteTransition,
    perform,
  })
  return { event$: source.event$, perform: (command) => machine.dispatch(command) }
}

/** The first opening counts; a stream that fails or says nothing is a failed one. */
function openOnce(
  open: () => Observable<ChannelOpening>,
  machine: Drive<RemoteState, RemoteInput>,
  keep: (channel: ChannelPort) => void,
): void {
  let isDecided = false
  const settle = (opening: ChannelOpening): void => {
    if (isDecided) return
    isDecided = true
    if (opening.type === 'failed') {
      const { failure, message } = opening
      return machine.dispatch({ type: 'remote.openFailed', failure, message })
    }
    const { channel } = opening
    keep(channel)
    machine.dispatch({ type: 'remote.opened', peerSoftware: channel.peerSoftware })
    watchChannel(channel, (event) => machine.dispatch(event))
  }
  const fail = (message: string): void => settle({ type: 'failed', failure: 'failed', message })
  try {
    open().subscribe({
      next: settle,
      error: (error: unknown) => fail(messageOf(error)),
      complete: () => fail('no channel was opened'),
    })
  } catch (error) {
    fail(messageOf(error))
  }
}

function isChannelCommand(output: RemoteOutput): output is ChannelCommand {
  return output.type.startsWith('channel.')
}
