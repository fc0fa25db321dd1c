/** Messages on their way, sent together: many small ones cost their sender and receiver more than what they say. */
export interface Outbox<Message> {
  /** Sends a message with the others of this turn of the event loop, in order. */
  readonly send: (message: Message) => void
  /** Sends at once what waits; `onSent` hears when all has gone. */
  readonly flush: (onSent?: () => void) => void
}

/** An outbox that gives what it has to `deliver`, at the end of each turn of the event loop in which there was something. */
export function createOutbox<Message>(
  deliver: (messages: readonly Message[], onSent: () => void) => void,
): Outbox<Message> {
  let waiting: Message[] = []
  const flush = (onSent = (): void => undefined): void => {
    const messages = waiting
    waiting = []
    if (messages.length > 0) deliver(messages, onSent)
    else onSent()
  }
  return {
    send: (message) => {
      if (waiting.push(message) === 1) setImmediate(() => flush())
    },
    flush,
  }
}
