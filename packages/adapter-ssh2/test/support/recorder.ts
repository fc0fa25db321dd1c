import type { ChannelMessage, ChannelRequest, TransportEvent, TransportPort } from '@hawse/core'
import { until } from './until'

/** A transport port with everything it has said. */
export interface Recorder {
  readonly port: TransportPort
  readonly events: readonly TransportEvent[]
  /** Whether `event$` has completed. */
  isComplete(): boolean
  /** Waits for the next event of a type, beginning with the first. */
  event<Type extends TransportEvent['type']>(
    type: Type,
  ): Promise<Extract<TransportEvent, { readonly type: Type }>>
  /** Waits for the first message that fits. */
  message(isIt: (message: ChannelMessage) => boolean): Promise<ChannelMessage>
  /** Waits for the first request of a name. */
  request<Name extends ChannelRequest['name']>(
    name: Name,
  ): Promise<Extract<ChannelRequest, { readonly name: Name }>>
  /** Data of the peer so far. */
  data(): Buffer
  send(...messages: readonly ChannelMessage[]): void
}

/** Subscribes to a transport port and keeps what it says. */
export function record(port: TransportPort): Recorder {
  const events: TransportEvent[] = []
  let isComplete = false
  port.event$.subscribe({
    next: (event) => events.push(event),
    complete: () => (isComplete = true),
  })
  return {
    port,
    events,
    isComplete: () => isComplete,
    event: (type) => first(events, (event) => (isOfType(event, type) ? event : undefined), type),
    message: (isIt) => first(events, (event) => fittingMessage(event, isIt), 'a message'),
    request: (name) => first(events, (event) => requestOf(event, name), name),
    data: () => Buffer.concat(events.flatMap(dataOf)),
    send: (...messages) => {
      for (const message of messages) port.perform({ type: 'transport.send', message })
    },
  }
}

async function first<Found>(
  events: readonly TransportEvent[],
  find: (event: TransportEvent) => Found | undefined,
  name: string,
): Promise<Found> {
  let found: Found | undefined
  const look = (): boolean => {
    found = events.map(find).find((candidate) => candidate !== undefined)
    return found !== undefined
  }
  await until(name, look, () => events.map((event) => event.type).join(' '))
  return found as Found
}

function isOfType<Type extends TransportEvent['type']>(
  event: TransportEvent,
  type: Type,
): event is Extract<TransportEvent, { readonly type: Type }> {
  return event.type === type
}

function fittingMessage(
  event: TransportEvent,
  isIt: (message: ChannelMessage) => boolean,
): ChannelMessage | undefined {
  if (event.type !== 'transport.messageReceived' || !isIt(event.message)) return undefined
  return event.message
}

function requestOf<Name extends ChannelRequest['name']>(
  event: TransportEvent,
  name: Name,
): Extract<ChannelRequest, { readonly name: Name }> | undefined {
  if (event.type !== 'transport.messageReceived' || event.message.type !== 'request')
    return undefined
  const { request } = event.message
  return request.name === name
    ? (request as Extract<ChannelRequest, { readonly name: Name }>)
    : undefined
}

function dataOf(event: TransportEvent): readonly Uint8Array[] {
  if (event.type !== 'transport.messageReceived' || event.message.type !== 'data') return []
  return [event.message.bytes]
}
