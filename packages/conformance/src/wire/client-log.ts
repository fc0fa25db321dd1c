import { messageNames } from './message-names'

/** Options that make `ssh` write what it receives to a file, and nothing of its own to stderr. */
export function logOptions(file: string): readonly string[] {
  return ['-E', file, '-o', 'LogLevel=DEBUG3']
}

/**
 * The channel messages that a client received, in order, read from its log.
 *
 * A request is given by its type (`exit-status`); the same message several times in a row is given once. `ssh` does not
 * log DATA and WINDOW_ADJUST, so they are never among them.
 */
export function receivedMessages(log: string): readonly string[] {
  const names: string[] = []
  for (const line of log.split('\n')) {
    const name = messageName(line)
    if (name === undefined) continue
    const isNamedRequest = names.at(-1) === 'REQUEST' && !line.includes('receive packet')
    if (isNamedRequest) names.pop()
    if (names.at(-1) !== name) names.push(name)
  }
  return names
}

/** The log tells the number of a message, and on a later line the type of a request. */
function messageName(line: string): string | undefined {
  const number = /receive packet: type (\d+)/.exec(line)?.[1]
  if (number !== undefined) return messageNames[number]
  if (/channel \d+: rcvd ext data/.test(line)) return 'EXTENDED_DATA'
  return /client_input_channel_req: channel \d+ rtype (\S+) reply/.exec(line)?.[1]
}
