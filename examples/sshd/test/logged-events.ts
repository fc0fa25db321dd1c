import { waitUntil } from '@hawse/conformance'
import type { ExampleServer } from './example-server'

/** One line of a log with `--log-format json`. */
export type LoggedEvent = Readonly<Record<string, unknown>>

/** The events of one kind that a server has logged so far. */
export function loggedEvents(server: ExampleServer, event: string): readonly LoggedEvent[] {
  const lines = server.log().split('\n').slice(0, -1)
  return lines
    .map((line) => JSON.parse(line) as LoggedEvent)
    .filter((one) => one['event'] === event)
}

/** Waits for the first event of a kind. */
export async function loggedEvent(server: ExampleServer, event: string): Promise<LoggedEvent> {
  await waitUntil(
    () => loggedEvents(server, event).length > 0,
    () => `no ${event} in ${server.log()}`,
  )
  return loggedEvents(server, event)[0]!
}
