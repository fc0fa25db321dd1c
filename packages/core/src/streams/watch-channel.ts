import type { Subscription } from 'rxjs'
import { messageOf } from '../errors/hawse-error'
import type { ChannelEvent, ChannelPort } from '../ports/channel-port'

/** Tells `listen` every fact of a channel port; one whose stream ends or fails without its last fact is lost. */
export function watchChannel(
  channel: ChannelPort,
  listen: (event: ChannelEvent) => void,
): Subscription {
  let isOver = false
  const lose = (reason: string): void => {
    if (!isOver) listen({ type: 'channel.lost', reason: `the channel port failed: ${reason}` })
  }
  return channel.event$.subscribe({
    next: (event) => {
      isOver ||= event.type === 'channel.closed' || event.type === 'channel.lost'
      listen(event)
    },
    error: (error: unknown) => lose(messageOf(error)),
    complete: () => lose('its events completed before it was closed'),
  })
}
